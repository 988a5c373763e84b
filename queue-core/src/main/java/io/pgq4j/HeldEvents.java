package io.pgq4j;

import io.pgq4j.internal.Spool;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A consumer's events that wait behind a failed one of their key. */
final class HeldEvents {
  /*
   * Why order holds: docs/decisions/0014. In short, the line of a key (pgq.held_event) has its events
   * in the order in which they were delivered, and all of them come before any that was not. An event
   * of a batch is processed only if, after the batch was opened, its key had no line and no earlier
   * event of the batch has begun one; else it goes to the end of the line, in the transaction that
   * finishes the batch. In a line only the first one is processed, and the next one after it is done
   * or dead.
   */

  /** How many are read at once. */
  private static final int PIECE = 1_000;

  private static final int FETCH_ROWS = 50;

  private static final String KEYS =
      "select key, extract(epoch from due_in) * 1000 from pgq.get_held_keys(?, ?, ?)";

  private static final String READ =
      "select ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3,"
          + " ev_extra4, key from pgq.get_held_events(?, ?, "
          + PIECE
          + ")";

  private static final String FAILED =
      "select pgq.held_failed(?, ?, ?, array("
          + "select make_interval(secs => s) from unnest(?::float8[]) with ordinality u (s, o)"
          + " order by o), ?)";

  private final QueueSession session;
  private final Consumer consumer;

  HeldEvents(QueueSession session, Consumer consumer) {
    this.session = session;
    this.consumer = consumer;
  }

  /**
   * What is held.
   *
   * @param dueIn how long until the first of them is due; null: there are none
   */
  record Look(HeldKeys keys, @Nullable Duration dueIn) {
    boolean isDue() {
      return dueIn != null && (dueIn.isZero() || dueIn.isNegative());
    }
  }

  Look look() throws SQLException {
    HeldKeys keys = new HeldKeys();
    Double next = null;
    try (PreparedStatement statement = prepare(KEYS)) {
      statement.setInt(3, HeldKeys.LIMIT);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          keys.add(Objects.requireNonNull(row.getString(1)));
          double millis = row.getDouble(2);
          next = next == null ? millis : Math.min(next, millis);
        }
      }
    }
    return new Look(keys, next == null ? null : Duration.ofMillis((long) Math.ceil(next)));
  }

  /** An event and the key that it was held under. */
  record Held(Event event, String key) {

    enum Codec implements Spool.Codec<Held> {
      INSTANCE;

      @Override
      public long weight(Held held) {
        return EventCodec.INSTANCE.weight(held.event()) + held.key().length();
      }

      @Override
      public void write(Held held, DataOutput out) throws IOException {
        EventCodec.INSTANCE.write(held.event(), out);
        Spool.writeText(held.key(), out);
      }

      @Override
      public Held read(DataInput in) throws IOException {
        Event event = EventCodec.INSTANCE.read(in);
        return new Held(event, Objects.requireNonNull(Spool.readText(in)));
      }
    }
  }

  /** Reads those that may be processed now, into an empty spool. */
  void read(Spool<Held> events) throws SQLException, IOException {
    session.inTransaction(
        () -> {
          try (PreparedStatement statement = prepare(READ)) {
            statement.setFetchSize(FETCH_ROWS);
            try (ResultSet row = statement.executeQuery()) {
              while (row.next()) {
                String key = Objects.requireNonNull(row.getString(11));
                events.add(new Held(QueueSession.event(row), key));
              }
            }
          }
          return events.size();
        });
  }

  /**
   * Records what became of them, in one transaction.
   *
   * @return false if another session was faster: then nothing was recorded
   */
  boolean settle(List<Long> done, List<Verdict> verdicts) throws SQLException, IOException {
    return session.inTransaction(
        () -> {
          long settled = done(done);
          List<Verdict> dead = new ArrayList<>();
          List<Verdict> failed = new ArrayList<>();
          for (Verdict verdict : verdicts) {
            (verdict.kind() == Verdict.Kind.DEAD ? dead : failed).add(verdict);
          }
          settled += dead(dead) + failed(failed);
          boolean all = settled == done.size() + verdicts.size();
          if (!all) {
            session.connection().rollback();
          }
          return all;
        });
  }

  private long done(List<Long> ids) throws SQLException {
    return ids.isEmpty()
        ? 0
        : call(
            "select pgq.held_done(?, ?, ?)",
            statement -> set(statement, 3, "int8", ids, Function.identity()));
  }

  private long dead(List<Verdict> verdicts) throws SQLException {
    return verdicts.isEmpty()
        ? 0
        : call(
            "select pgq.held_dead(?, ?, ?, ?)",
            statement -> {
              set(statement, 3, "int8", verdicts, Verdict::eventId);
              set(statement, 4, "text", verdicts, Verdict::reason);
            });
  }

  private long failed(List<Verdict> verdicts) throws SQLException {
    return verdicts.isEmpty()
        ? 0
        : call(
            FAILED,
            statement -> {
              set(statement, 3, "int8", verdicts, Verdict::eventId);
              set(statement, 4, "float8", verdicts, HeldEvents::seconds);
              set(statement, 5, "text", verdicts, HeldEvents::reason);
            });
  }

  /** For a consumer that keeps no order: what was held comes back in any. */
  long release() throws SQLException {
    return call("select pgq.held_release(?, ?)", statement -> {});
  }

  private interface Arguments {
    void set(PreparedStatement statement) throws SQLException;
  }

  private long call(String sql, Arguments arguments) throws SQLException {
    try (PreparedStatement statement = prepare(sql)) {
      arguments.set(statement);
      return QueueSession.queryLong(statement);
    }
  }

  private PreparedStatement prepare(String sql) throws SQLException {
    PreparedStatement statement = session.connection().prepareStatement(sql);
    statement.setString(1, consumer.queue());
    statement.setString(2, consumer.name());
    return statement;
  }

  /** Null: the settings of the queue decide. */
  static @Nullable Double seconds(Verdict verdict) {
    return verdict.kind() == Verdict.Kind.FAILED ? null : verdict.delay().toMillis() / 1e3;
  }

  /** Null: the attempt does not count. */
  static @Nullable String reason(Verdict verdict) {
    return verdict.kind() == Verdict.Kind.RETRY ? "" : verdict.reason();
  }

  static <T> void set(
      PreparedStatement statement,
      int index,
      String type,
      List<T> values,
      Function<T, ? extends @Nullable Object> field)
      throws SQLException {
    Connection connection = statement.getConnection();
    statement.setArray(index, connection.createArrayOf(type, values.stream().map(field).toArray()));
  }
}
