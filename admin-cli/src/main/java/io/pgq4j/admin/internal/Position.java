package io.pgq4j.admin.internal;

import io.pgq4j.QueueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A place in a queue that a consumer can be put to: a tick from which on all events are kept. */
public final class Position {
  /** What the help says about it. */
  public static final String HELP =
      "oldest, latest, a tick (4711), "
          + Moment.HELP
          + "ago. A time stands for the last tick before.";

  private static final String KEPT =
      """
      select t.tick_id, t.tick_time, t.tick_event_seq, t.tick_snapshot::text
        from pgq.oldest_tick(?) o
        join pgq.queue q on q.queue_name = ?
        join pgq.tick t on t.tick_queue = q.queue_id and t.tick_id >= o.tick_id
      """;

  /** Should a clock have stepped back, the earliest tick of those in question. */
  private static final String BEFORE =
      """
       where t.tick_id < coalesce((
         select min(l.tick_id)
           from pgq.tick l
          where l.tick_queue = q.queue_id and l.tick_id > o.tick_id and l.tick_time > ?), t.tick_id + 1)
       order by t.tick_id desc limit 1
      """;

  private final String text;
  private final @Nullable Long tick;
  private final @Nullable Moment moment;

  private Position(String text, @Nullable Long tick, @Nullable Moment moment) {
    this.text = text;
    this.tick = tick;
    this.moment = moment;
  }

  /** The oldest tick from which on all events are kept. */
  public static Position oldest() {
    return new Position("oldest", null, null);
  }

  /** The last tick. */
  public static Position latest() {
    return new Position("latest", null, null);
  }

  /**
   * Finds the tick.
   *
   * @throws CommandFailure if events after it are gone
   */
  public Tick resolve(Connection connection, String queue) {
    NotFound.unlessQueue(connection, queue);
    if (tick != null) {
      return find(connection, queue, " where t.tick_id = ?", tick)
          .orElseThrow(
              () ->
                  refused(
                      "Queue "
                          + Printable.quoted(queue)
                          + " has no tick "
                          + tick
                          + ", or events after it are gone. 'pgq-admin ticks QUEUE' lists its ticks."));
    }
    if (moment != null) {
      return before(connection, queue, moment.ago(connection));
    }
    String order = text.equals("oldest") ? "" : " desc";
    return find(connection, queue, " order by t.tick_id" + order + " limit 1", null)
        .orElseThrow(() -> refused("The ticks were compacted just now; run it again."));
  }

  private static Tick before(Connection connection, String queue, Instant time) {
    Optional<Tick> found = find(connection, queue, BEFORE, time.atOffset(ZoneOffset.UTC));
    Tick tick = found.orElseGet(() -> oldest().resolve(connection, queue));
    if (tick.time().isAfter(time) && hasRotated(connection, queue)) {
      throw refused(
          "Events before "
              + tick.time()
              + " are gone from queue "
              + Printable.quoted(queue)
              + "; 'oldest' goes back as far as can be.");
    }
    return tick;
  }

  private static boolean hasRotated(Connection connection, String queue) {
    Rows rows =
        Rows.query(
            connection,
            "queues",
            "select 1 from pgq.queue where queue_name = ? and queue_oldest_tick > 0",
            queue);
    return !rows.isEmpty();
  }

  private static CommandFailure refused(String sentence) {
    return new CommandFailure(ExitCode.CHECK_FAILED, sentence);
  }

  private static Optional<Tick> find(
      Connection connection, String queue, String which, @Nullable Object parameter) {
    try (PreparedStatement statement = connection.prepareStatement(KEPT + which)) {
      statement.setString(1, queue);
      statement.setString(2, queue);
      if (parameter != null) {
        statement.setObject(3, parameter);
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Tick(
                    row.getLong(1),
                    Objects.requireNonNull(row.getObject(2, OffsetDateTime.class)).toInstant(),
                    row.getLong(3),
                    row.getString(4)))
            : Optional.empty();
      }
    } catch (SQLException e) {
      throw QueueException.of(e);
    }
  }

  /** From an argument of the command line. */
  public static final class Converter implements ITypeConverter<Position> {
    @Override
    public Position convert(String text) {
      if (text.equals("oldest") || text.equals("latest")) {
        return new Position(text, null, null);
      }
      if (text.matches("\\d{1,18}")) {
        return new Position(text, Long.valueOf(text), null);
      }
      Moment moment = Moment.parse(text);
      if (moment == null) {
        throw new TypeConversionException(
            Printable.quoted(text)
                + " is none of oldest, latest, a tick (4711), a time (2026-01-31T10:30:00Z), 30m for"
                + " half an hour ago.");
      }
      return new Position(text, null, moment);
    }
  }
}
