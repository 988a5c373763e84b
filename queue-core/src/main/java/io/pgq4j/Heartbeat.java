package io.pgq4j;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells that a member is alive while it has a batch in hand, on a thread and a connection of its
 * own: the member's are busy with the batch. A batch that is done sooner than the first beat costs
 * no connection.
 */
final class Heartbeat implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

  private final DataSource dataSource;
  private final String name;
  private final Duration interval;
  private final ScheduledThreadPoolExecutor thread;
  private @Nullable Connection connection;

  /** Of this batch it was told that another member has it. */
  private long lost;

  Heartbeat(DataSource dataSource, String name, Duration interval) {
    this.dataSource = dataSource;
    this.name = name;
    this.interval = interval;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "pgq4j-" + name + "-heartbeat");
              thread.setDaemon(true);
              return thread;
            });
    thread.setRemoveOnCancelPolicy(true);
  }

  /** Beats for the batch until {@link #end}. */
  Future<?> begin(long batch) {
    long nanos = interval.toNanos();
    return thread.scheduleWithFixedDelay(() -> beat(batch), nanos, nanos, TimeUnit.NANOSECONDS);
  }

  void end(Future<?> beats) {
    beats.cancel(false);
    thread.execute(this::disconnect);
  }

  private void beat(long batch) {
    try {
      if (connection == null) {
        connection = dataSource.getConnection();
        connection.setNetworkTimeout(Runnable::run, (int) interval.toMillis() + 1_000);
      }
      try (PreparedStatement statement =
          connection.prepareStatement("select pgq_coop.heartbeat(?)")) {
        statement.setLong(1, batch);
        if (QueueSession.queryLong(statement) == 0 && lost != batch) {
          lost = batch;
          log.warn("{}, batch {}: another member took it over", name, batch);
        }
        if (!connection.getAutoCommit()) {
          connection.commit();
        }
      }
    } catch (SQLException e) {
      log.warn("{}, batch {}: no heartbeat: {}", name, batch, e.getMessage());
      disconnect();
    }
  }

  private void disconnect() {
    Connection last = connection;
    connection = null;
    if (last != null) {
      try (last) {
        last.setNetworkTimeout(Runnable::run, 0);
      } catch (SQLException e) {
        log.debug("{}: the heartbeat's connection", name, e);
      }
    }
  }

  @Override
  public void close() {
    thread.shutdown();
  }
}
