package io.pgq4j.admin.bench;

import io.pgq4j.admin.bench.Contest.Contestant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The measurement behind {@code bench ticks}. */
final class TicksBench {
  private final int queues;
  private final int active;
  private final Consumer<String> progress;

  TicksBench(int queues, int active, Consumer<String> progress) {
    this.queues = queues;
    this.active = active;
    this.progress = progress;
  }

  RatesReport measure(DataSource server, RoundsOptions turns)
      throws SQLException, InterruptedException {
    try (ScratchDatabase ours = ScratchDatabase.withSchema(server)) {
      if (!turns.withPeer()) {
        return measure(List.of(contestant("pgq4j", ours)), turns);
      }
      try (ScratchDatabase theirs = ScratchDatabase.withPeer(server)) {
        return measure(List.of(contestant("pgq4j", ours), contestant(Peer.NAME, theirs)), turns);
      }
    }
  }

  private RatesReport measure(List<Contestant> contestants, RoundsOptions turns)
      throws SQLException, InterruptedException {
    return new RatesReport(
        List.of(
            new RatesReport.Section(
                "pgq.ticker() of " + queues + " queues, " + active + " with events",
                "calls",
                Contest.run(contestants, turns.rounds, progress))));
  }

  private Contestant contestant(String name, ScratchDatabase scratch) throws SQLException {
    progress.accept("Creating " + queues + " queues of " + name + ".");
    Connection connection = scratch.connect();
    for (int i = 0; i < queues; i++) {
      Sql.execute(connection, "select pgq.create_queue('queue" + i + "')");
    }
    for (int i = 0; i < active; i++) {
      Sql.execute(
          connection, "select pgq.set_queue_config('queue" + i + "', 'ticker_max_lag', '0')");
    }
    Sql.execute(connection, "vacuum analyze");
    return new Contestant(name, new Tick(connection));
  }

  /** One call. */
  private final class Tick implements Contest.Work {
    private final Connection connection;
    private final PreparedStatement tick;

    Tick(Connection connection) throws SQLException {
      this.connection = connection;
      tick = connection.prepareStatement("select pgq.ticker()");
    }

    @Override
    public void prepare() throws SQLException {
      // Ticks that are due by now for other reasons, as that the idle period is over, do not count.
      Sql.number(tick);
      for (int i = 0; i < active; i++) {
        Sql.execute(connection, "select pgq.insert_event('queue" + i + "', 'order', 'data')");
      }
    }

    @Override
    public long run() throws SQLException {
      Sql.number(tick);
      return 1;
    }
  }
}
