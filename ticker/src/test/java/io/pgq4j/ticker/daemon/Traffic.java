package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.all;
import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** Numbered events in a queue q, and what its consumer gets of them: each one once, in order. */
final class Traffic {
  private static final String BROKEN_CHAIN =
      """
      select count(*) from (
        select tick_snapshot, lag(tick_snapshot) over (partition by tick_queue order by tick_id) as before
        from pgq.tick) t
      where not pgq.snapshot_follows(before, tick_snapshot)""";

  private static final String DISK_FULL = "53100";

  private final DataSource source;
  private final List<String> inserted = new ArrayList<>();
  private final List<String> delivered = new ArrayList<>();

  private Traffic(DataSource source) {
    this.source = source;
  }

  /**
   * Creates the queue.
   *
   * @param source where the tests' own connections come from, past what is broken
   */
  static Traffic on(DataSource source) throws SQLException {
    try (Connection session = source.getConnection()) {
      run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
    }
    return new Traffic(source);
  }

  /** The same producer and consumer, in a copy of the database. */
  Traffic movedTo(DataSource other) {
    Traffic moved = new Traffic(other);
    moved.inserted.addAll(inserted);
    moved.delivered.addAll(delivered);
    return moved;
  }

  /** Some events, each in a transaction of its own. */
  void insert(int count) throws SQLException {
    try (Connection session = source.getConnection()) {
      for (int i = 0; i < count; i++) {
        String data = "event " + inserted.size();
        run(session, "select pgq.insert_event('q', 't', '%s')".formatted(data));
        inserted.add(data);
      }
    }
  }

  /** Takes a batch, unless there is none, or the server cannot write. */
  void tryTake() throws SQLException {
    try (Connection session = source.getConnection()) {
      take(session);
    } catch (SQLException e) {
      if (!DISK_FULL.equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  /** Waits until all that was inserted has come. */
  void awaitDelivered() throws SQLException {
    try (Connection session = source.getConnection()) {
      await(
          "all is delivered",
          () -> {
            take(session);
            return delivered.size() >= inserted.size();
          });
      assertThat(one(session, BROKEN_CHAIN)).as("ticks behind their predecessors").isEqualTo("0");
    }
    assertThat(delivered).isEqualTo(inserted);
  }

  void insertAndAwait(int count) throws SQLException {
    insert(count);
    awaitDelivered();
  }

  private void take(Connection session) throws SQLException {
    String batch = one(session, "select pgq.next_batch('q', 'c')");
    if (batch != null) {
      List<String> events =
          all(
              session,
              "select ev_data from pgq.get_batch_events(%s) order by ev_id".formatted(batch));
      run(session, "select pgq.finish_batch(%s)".formatted(batch));
      delivered.addAll(events);
    }
  }
}
