package io.pgq4j.admin.bench;

import io.pgq4j.admin.bench.Contest.Contestant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The measurement behind {@code bench retry}. */
final class RetryBench {
  private static final String FILL =
      "insert into pgq.retry_queue (ev_retry_after, ev_queue, ev_id, ev_time, ev_owner, ev_retry,"
          + " ev_type, ev_data) select now() - interval '1 second', 1, i, now(), s.sub_id, 1, 'order',"
          + " '{\"id\": ' || i || '}' from pgq.subscription s, generate_series(1, %d) i";

  private final int events;
  private final Duration limit;

  RetryBench(int events, Duration limit) {
    this.events = events;
    this.limit = limit;
  }

  RatesReport measure(DataSource server, RoundsOptions turns, Consumer<String> progress)
      throws SQLException, InterruptedException {
    try (ScratchDatabase ours = ScratchDatabase.withSchema(server)) {
      if (!turns.withPeer()) {
        return measure(List.of(contestant("pgq4j", ours, "pgq.event")), turns, progress);
      }
      try (ScratchDatabase theirs = ScratchDatabase.withPeer(server)) {
        return measure(
            List.of(
                contestant("pgq4j", ours, "pgq.event"),
                contestant(Peer.NAME, theirs, "pgq.event_1")),
            turns,
            progress);
      }
    }
  }

  private RatesReport measure(
      List<Contestant> contestants, RoundsOptions turns, Consumer<String> progress)
      throws SQLException, InterruptedException {
    return new RatesReport(
        List.of(
            new RatesReport.Section(
                "maint_retry_events, " + events + " due",
                "events",
                Contest.run(new ArrayList<>(contestants), turns.rounds, progress))));
  }

  private Contestant contestant(String name, ScratchDatabase scratch, String table)
      throws SQLException {
    Connection connection = scratch.connect();
    Sql.execute(connection, "select pgq.create_queue('bench')");
    Sql.execute(connection, "select pgq.register_consumer('bench', 'consumer')");
    return new Contestant(name, new Return(connection, table));
  }

  /** Moves what is due back into the queue. */
  private final class Return implements Contest.Work {
    private final Connection connection;
    private final String table;

    Return(Connection connection, String table) {
      this.connection = connection;
      this.table = table;
    }

    @Override
    public void prepare() throws SQLException {
      Sql.execute(connection, "truncate " + table);
      Sql.execute(connection, "truncate pgq.retry_queue");
      Sql.execute(connection, FILL.formatted(events));
      Sql.execute(connection, "analyze pgq.retry_queue");
    }

    @Override
    public long run() throws SQLException {
      long end = System.nanoTime() + limit.toNanos();
      try (PreparedStatement move =
          connection.prepareStatement("select pgq.maint_retry_events()")) {
        long moved = 0;
        long some;
        do {
          some = Sql.number(move);
          moved += some;
        } while (some > 0 && System.nanoTime() < end);
        return moved;
      }
    }

    @Override
    public void check(long done) throws SQLException {
      long returned = Sql.number(connection, "select count(*) from " + table);
      if (returned != done || done == 0) {
        throw new IllegalStateException(returned + " events returned, of " + done);
      }
    }
  }
}
