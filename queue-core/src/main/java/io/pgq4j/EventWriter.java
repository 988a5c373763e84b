package io.pgq4j;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Inserts events into one queue, on the caller's connection and in the caller's transaction: it
 * never commits and never touches autocommit. If the transaction is rolled back, there was no
 * event.
 *
 * <p>A failed insert aborts the caller's transaction as any failed statement does, except that text
 * that PostgreSQL cannot store (U+0000, a lone surrogate) is refused before anything is sent.
 * Thread-safe, as long as each thread uses a connection of its own.
 */
public final class EventWriter {
  private static final int CHUNK_EVENTS = 1_000;
  private static final int CHUNK_CHARS = 1 << 20;

  private static final String INSERT_ONE = "select pgq.insert_event(?, ?, ?, ?, ?, ?, ?)";
  private static final String INSERT_AT = "select pgq.insert_event_at(?, ?, ?, ?, ?, ?, ?, ?)";
  private static final String INSERT_ONCE =
      "select pgq.insert_event_once(i_queue_name => ?, i_ev_type => ?, i_ev_data => ?,"
          + " i_ev_extra1 => ?, i_ev_extra2 => ?, i_ev_extra3 => ?, i_ev_extra4 => ?,"
          + " i_key => ?, i_ttl => make_interval(secs => ?))";
  private static final String INSERT_MANY = "select pgq.insert_events(?, ?, ?, ?, ?, ?, ?)";

  private final String queue;

  private EventWriter(String queue) {
    this.queue = queue;
  }

  /** A writer to the given queue. The queue is not looked for until the first insert. */
  public static EventWriter to(String queue) {
    return new EventWriter(Names.check("queue", queue));
  }

  /**
   * Inserts one event.
   *
   * @return the event's id
   * @throws NoSuchQueueException if there is no such queue
   * @throws InsertDisabledException if the queue takes no events
   * @throws BadArgumentException if a text cannot be stored
   */
  public long insert(Connection connection, @Nullable String type, @Nullable String data) {
    return insert(connection, NewEvent.of(type, data));
  }

  /** Inserts one event; as {@link #insert(Connection, String, String)}. */
  public long insert(Connection connection, NewEvent event) {
    return insert(connection, INSERT_ONE, event);
  }

  /**
   * Inserts an event that consumers get at the given time, or soon after it, and not before. It
   * goes to all who are registered then; a time that is past means at once.
   *
   * @return the event's id; it comes behind events with higher ids
   */
  public long insertAt(Connection connection, NewEvent event, Instant at) {
    return insert(connection, INSERT_AT, event, at.atOffset(ZoneOffset.UTC));
  }

  /**
   * Inserts an event unless one was inserted into this queue under the same key within the last
   * {@code ttl}; so a call whose outcome is unknown can be repeated. While the first call's
   * transaction is open, this one waits for its end.
   *
   * @param key 1 to 1000 bytes
   * @param ttl how long the key is remembered, if this is the first call; positive
   * @return the id of the event that was inserted first, whatever its data
   * @throws BadArgumentException also if the key or the ttl is out of its range
   * @throws QueueException with cause SQLSTATE 40001 if the transaction is not READ COMMITTED and
   *     cannot see the first call: repeat the transaction
   */
  public long insertOnce(Connection connection, String key, NewEvent event, Duration ttl) {
    check("key", key);
    return insert(connection, INSERT_ONCE, event, key, ttl.toSeconds() + ttl.toNanosPart() / 1e9);
  }

  private long insert(Connection connection, String sql, NewEvent event, Object... more) {
    check(event);
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, queue);
      statement.setString(2, event.type());
      statement.setString(3, event.data());
      statement.setString(4, event.extra1());
      statement.setString(5, event.extra2());
      statement.setString(6, event.extra3());
      statement.setString(7, event.extra4());
      for (int i = 0; i < more.length; i++) {
        statement.setObject(8 + i, more[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    } catch (SQLException e) {
      throw QueueException.of(e, Where.queue(queue));
    }
  }

  /**
   * Inserts any number of events in few round trips; the iterable is read in chunks, so it may be
   * longer than memory but for eight bytes each.
   *
   * @return the ids in the order of the events
   */
  public long[] insertAll(Connection connection, Iterable<NewEvent> events) {
    LongStream.Builder ids = LongStream.builder();
    try (PreparedStatement statement = connection.prepareStatement(INSERT_MANY)) {
      List<NewEvent> chunk = new ArrayList<>();
      int chars = 0;
      for (NewEvent event : events) {
        chars += check(event);
        chunk.add(event);
        if (chunk.size() == CHUNK_EVENTS || chars >= CHUNK_CHARS) {
          insertChunk(statement, chunk, ids);
          chunk.clear();
          chars = 0;
        }
      }
      if (!chunk.isEmpty()) {
        insertChunk(statement, chunk, ids);
      }
    } catch (SQLException e) {
      throw QueueException.of(e, Where.queue(queue));
    }
    return ids.build().toArray();
  }

  private void insertChunk(
      PreparedStatement statement, List<NewEvent> chunk, LongStream.Builder ids)
      throws SQLException {
    statement.setString(1, queue);
    setTexts(statement, 2, chunk, NewEvent::type);
    setTexts(statement, 3, chunk, NewEvent::data);
    setTexts(statement, 4, chunk, NewEvent::extra1);
    setTexts(statement, 5, chunk, NewEvent::extra2);
    setTexts(statement, 6, chunk, NewEvent::extra3);
    setTexts(statement, 7, chunk, NewEvent::extra4);
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    }
  }

  private static void setTexts(
      PreparedStatement statement,
      int index,
      List<NewEvent> chunk,
      Function<NewEvent, @Nullable String> field)
      throws SQLException {
    Array texts =
        statement
            .getConnection()
            .createArrayOf("text", chunk.stream().map(field).toArray(String[]::new));
    statement.setArray(index, texts);
    texts.free();
  }

  /** Returns the number of characters. */
  private int check(NewEvent event) {
    return check("type", event.type())
        + check("data", event.data())
        + check("extra1", event.extra1())
        + check("extra2", event.extra2())
        + check("extra3", event.extra3())
        + check("extra4", event.extra4());
  }

  private int check(String field, @Nullable String text) {
    if (text == null) {
      return 0;
    }
    int bad = Texts.unstorable(text);
    if (bad >= 0) {
      throw new BadArgumentException(
          String.format(
              "the %s of the event has U+%04X at index %d, which PostgreSQL cannot store:"
                  + " escape or remove it.",
              field, (int) text.charAt(bad), bad),
          null,
          Where.queue(queue));
    }
    return text.length();
  }
}
