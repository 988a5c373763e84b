package io.pgq4j.admin.bench;

import io.pgq4j.ConsumerRunner;
import io.pgq4j.Event;
import io.pgq4j.QueueAdmin;
import io.pgq4j.ticker.Ticker;
import io.pgq4j.ticker.TickerConfig;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** The measurement behind {@code bench idle}. */
final class IdleBench {
  private static final String TRANSACTIONS =
      "select xact_commit + xact_rollback, numbackends from pg_stat_database where datname = ?";

  private final DataSource server;
  private final ScratchDatabase scratch;
  private final Consumer<String> progress;

  IdleBench(DataSource server, ScratchDatabase scratch, Consumer<String> progress) {
    this.server = server;
    this.scratch = scratch;
    this.progress = progress;
  }

  private record Count(long transactions, int connections, long nanos, TickerCpu cpu) {}

  IdleReport measure(int queues, int consumers, Duration settle, Duration time)
      throws SQLException, InterruptedException {
    start(queues, consumers);
    vacuum();
    progress.accept("Waiting until all have come to rest.");
    sleep(settle);
    progress.accept("Counting.");
    try (Connection connection = server.getConnection()) {
      Count before = count(connection);
      sleep(time);
      Count after = count(connection);
      return new IdleReport(
          queues,
          consumers,
          after.connections(),
          after.transactions() - before.transactions(),
          Duration.ofNanos(after.nanos() - before.nanos()),
          after.cpu().since(before.cpu()));
    }
  }

  private void start(int queues, int consumers) {
    QueueAdmin admin = QueueAdmin.of(scratch.dataSource());
    for (int i = 0; i < queues; i++) {
      admin.createQueue("queue" + i);
    }
    scratch.stopping(Ticker.create(scratch.dataSource())).start();
    ConsumerRunner.Builder runner = ConsumerRunner.builder(scratch.dataSource());
    for (int i = 0; i < consumers; i++) {
      runner.add(new Idler("queue" + i % queues, "consumer" + i));
    }
    scratch.stopping(runner.build()).start();
  }

  /** A new database is full of work for autovacuum, whose transactions would count. */
  private void vacuum() throws SQLException {
    try (Connection connection = scratch.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze");
    }
  }

  private static void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  private Count count(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TRANSACTIONS)) {
      statement.setString(1, scratch.name());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new Count(
            row.getLong(1),
            row.getInt(2),
            System.nanoTime(),
            TickerCpu.now(connection, scratch.name(), TickerConfig.defaults().name()));
      }
    }
  }

  private static final class Idler extends io.pgq4j.Consumer {
    Idler(String queue, String name) {
      super(queue, name);
    }

    @Override
    protected void process(Event event) {
      throw new IllegalStateException("nobody inserts events, but here is " + event.id());
    }
  }
}
