package io.pgq4j.admin.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * PgQ with its daemon {@code pgqd}, and consumers that ask for the next batch as those of Skytools
 * do: at once after a batch, and after a pause when there is none.
 */
final class LatencyOfPgq extends LatencySystem {
  private final Duration period;

  /** The period of both polls: that of pgqd, and that of consumers. */
  LatencyOfPgq(ScratchDatabase scratch, int consumers, int queues, int active, Duration period) {
    super(Peer.NAME, scratch, consumers, queues, active);
    this.period = period;
  }

  @Override
  void work() throws SQLException, IOException {
    try (Connection connection = scratch.dataSource().getConnection()) {
      for (String queue : active()) {
        Sql.execute(
            connection, "select pgq.set_queue_config('" + queue + "', 'ticker_max_lag', '0')");
      }
    }
    startDaemon();
    for (String queue : active()) {
      for (int i = 0; i < consumers; i++) {
        scratch.stopping(new Poller(queue, i)).start();
      }
    }
  }

  private void startDaemon() throws IOException {
    PGSimpleDataSource source = (PGSimpleDataSource) scratch.dataSource();
    Path directory = Files.createTempDirectory("pgq4j-bench-pgqd");
    Path config = directory.resolve("pgqd.ini");
    Files.writeString(
        config,
        """
        [pgqd]
        pidfile = %1$s/pgqd.pid
        base_connstr = host=%2$s port=%3$d user=%4$s
        initial_database = %5$s
        database_list = %5$s
        syslog = 0
        ticker_period = %6$s
        """
            .formatted(
                directory,
                source.getServerNames()[0],
                source.getPortNumbers()[0],
                source.getUser() == null ? System.getProperty("user.name") : source.getUser(),
                source.getDatabaseName(),
                period.toNanos() / 1e9));
    ProcessBuilder daemon =
        new ProcessBuilder("pgqd", "-q", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(Redirect.DISCARD);
    if (source.getPassword() != null) {
      daemon.environment().put("PGPASSWORD", source.getPassword());
    }
    Process running = daemon.start();
    scratch.stopping(
        () -> {
          running.destroy();
          running.waitFor(5, TimeUnit.SECONDS);
          running.destroyForcibly();
          Files.deleteIfExists(directory.resolve("pgqd.pid"));
          Files.deleteIfExists(config);
          Files.deleteIfExists(directory);
        });
  }

  /** A consumer: next batch, its events, finish; each a transaction, the last two in one. */
  private final class Poller implements AutoCloseable {
    private final String queue;
    private final int number;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::poll, "pgq4j-bench-poller");

    Poller(String queue, int number) {
      this.queue = queue;
      this.number = number;
      thread.setDaemon(true);
    }

    void start() {
      thread.start();
    }

    private void poll() {
      try (Connection connection = scratch.dataSource().getConnection();
          PreparedStatement next = connection.prepareStatement("select pgq.next_batch(?, ?)");
          PreparedStatement events =
              connection.prepareStatement("select ev_data from pgq.get_batch_events(?)");
          PreparedStatement finish = connection.prepareStatement("select pgq.finish_batch(?)")) {
        connection.setAutoCommit(false);
        next.setString(1, queue);
        next.setString(2, consumer(number));
        do {
          long batch = Sql.number(next);
          while (batch != 0 && stopped.getCount() > 0) {
            connection.commit();
            events.setLong(1, batch);
            read(events);
            finish.setLong(1, batch);
            Sql.number(finish);
            connection.commit();
            batch = Sql.number(next);
          }
          connection.commit();
        } while (!stopped.await(period.toNanos(), TimeUnit.NANOSECONDS));
      } catch (SQLException e) {
        // It is missed: the measurement says that deliveries are missing.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void read(PreparedStatement events) throws SQLException {
      boolean any = false;
      try (ResultSet rows = events.executeQuery()) {
        while (rows.next()) {
          run().arrived(number, Integer.parseInt(rows.getString(1)), System.nanoTime());
          any = true;
        }
      }
      if (any) {
        run().batch();
      }
    }

    @Override
    public void close() {
      stopped.countDown();
      try {
        thread.join(Duration.ofSeconds(5).toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
