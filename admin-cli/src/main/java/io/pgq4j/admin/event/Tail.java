package io.pgq4j.admin.event;

import io.pgq4j.admin.internal.EventFilter;
import io.pgq4j.admin.internal.Interruption;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Tick;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.postgresql.PGConnection;

/**
 * Follows a queue from tick to tick without being a consumer, on a connection of its own.
 *
 * <p>Between two ticks it reads the events that the later one has seen and the earlier one has not:
 * what a consumer's batch would be. So nothing is left out and nothing comes twice. It keeps the
 * snapshot of the tick it stands on itself, since compaction may take that tick away. Nothing keeps
 * events for it: when rotation has overtaken it, {@code pgq.get_events} refuses.
 *
 * <p>It listens before it looks, so no tick is slept through; and it looks every few seconds, for
 * connections through which no notification comes.
 */
final class Tail {
  private static final int FETCH = 500;
  private static final int TICKS = 500;
  private static final Duration LOOK = Duration.ofSeconds(5);
  private static final Duration SLICE = Duration.ofMillis(200);

  private static final String NEXT_TICKS =
      """
      select t.tick_id, t.tick_time, t.tick_event_seq, t.tick_snapshot::text
        from pgq.tick t
        join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ? and t.tick_id > ?
       order by t.tick_id
       limit %d
      """
          .formatted(TICKS);

  private static final String EVENTS =
      "select "
          + PastEvent.COLUMNS
          + " from pgq.get_events(?, ?, ?::txid_snapshot, ?::txid_snapshot) e where "
          + EventFilter.SQL
          + " order by e.ev_id";

  private final Connection connection;
  private final String queue;
  private final EventFilter filter;
  private final Interruption interruption;
  private Tick stand;

  /**
   * @param connection of this tail alone, not in autocommit mode, in READ COMMITTED
   * @param start it reads what comes after this tick
   */
  Tail(
      Connection connection,
      String queue,
      EventFilter filter,
      Tick start,
      Interruption interruption) {
    this.connection = connection;
    this.queue = queue;
    this.filter = filter;
    this.stand = start;
    this.interruption = interruption;
  }

  /** To be called before {@link #read}, so that no tick is missed. */
  static void listen(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("listen pgq_tick");
    }
    connection.commit();
  }

  /**
   * Hands out all events up to the last tick there is now.
   *
   * @param most how many at most
   * @return how many there were
   */
  long read(Consumer<PastEvent> to, long most) throws SQLException {
    long all = 0;
    List<Tick> ticks;
    do {
      ticks = nextTicks();
      for (Tick next : ticks) {
        all += read(next, to, most - all);
        if (interruption.isAsked() || all >= most) {
          return all;
        }
        stand = next;
      }
    } while (ticks.size() == TICKS);
    return all;
  }

  private List<Tick> nextTicks() throws SQLException {
    List<Tick> ticks = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(NEXT_TICKS)) {
      statement.setString(1, queue);
      statement.setLong(2, stand.id());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          Instant time = Objects.requireNonNull(row.getObject(2, OffsetDateTime.class)).toInstant();
          ticks.add(new Tick(row.getLong(1), time, row.getLong(3), row.getString(4)));
        }
      }
    }
    if (ticks.isEmpty()) {
      NotFound.unlessQueue(connection, queue);
    }
    connection.commit();
    return ticks;
  }

  private long read(Tick next, Consumer<PastEvent> to, long most) throws SQLException {
    long events = 0;
    try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
      statement.setFetchSize(FETCH);
      statement.setString(1, queue);
      statement.setLong(2, stand.id());
      statement.setString(3, stand.snapshot());
      statement.setString(4, next.snapshot());
      int parameter = 5;
      for (Object value : filter.parameters()) {
        statement.setObject(parameter++, value);
      }
      try (ResultSet row = statement.executeQuery()) {
        while (events < most && !interruption.isAsked() && row.next()) {
          to.accept(PastEvent.read(row, next.id()));
          events++;
        }
      }
    }
    connection.commit();
    return events;
  }

  /** Waits until there may be a new tick, or the command shall end. */
  void await() throws SQLException {
    PGConnection notifications = connection.unwrap(PGConnection.class);
    long until = System.nanoTime() + LOOK.toNanos();
    while (!interruption.isAsked() && System.nanoTime() < until) {
      var heard = notifications.getNotifications((int) SLICE.toMillis());
      if (heard != null && List.of(heard).stream().anyMatch(n -> n.getParameter().equals(queue))) {
        return;
      }
    }
  }
}
