package io.pgq4j.ticker.daemon;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what a database tells of its queues and consumers: when asked, not again within a few
 * seconds, never twice at a time, and on a connection that is opened for it. So whoever is not
 * scraped costs nothing, and a database that hangs holds one thread and one connection.
 */
final class DatabaseReader {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseReader.class);
  private static final Duration LEAST_AGE = Duration.ofSeconds(3);
  private static final Duration COMPLAINT_PERIOD = Duration.ofMinutes(1);

  private static final String BEGIN = "begin isolation level read committed read only";

  /**
   * Settings of the role may be hostile, or meant for large queries. For this transaction only:
   * behind a pooler the session is shared.
   */
  private static final String SETTINGS =
      "select set_config('statement_timeout', '5000', true), set_config('lock_timeout', '1000', true),"
          + " set_config('jit', 'off', true), set_config('search_path', 'pg_catalog, pg_temp', true)";

  private static final String QUEUES =
      "select queue_name, stopped_by, extract(epoch from lag)::float8, pending_events,"
          + " delayed_events, extract(epoch from rotation_age)::float8,"
          + " extract(epoch from rotation_overdue)::float8, blocked_by"
          + " from pgq.get_queue_metrics()";
  private static final String CONSUMERS =
      "select queue_name, consumer_name, extract(epoch from lag)::float8, pending_events, paused,"
          + " retry_events, held_events, dead_letters from pgq.get_consumer_metrics()";
  private static final String NOTIFICATIONS = "select pg_notification_queue_usage()";

  /** See {@code pgq.get_queue_metrics}; times in seconds. */
  record Queue(
      String name,
      @Nullable String stoppedBy,
      double lag,
      double pendingEvents,
      double delayedEvents,
      double rotationAge,
      double rotationOverdue,
      @Nullable String blockedBy) {}

  /** See {@code pgq.get_consumer_metrics}; lag and pending events are NaN where there are none. */
  record Consumer(
      String queue,
      String name,
      double lag,
      double pendingEvents,
      boolean paused,
      double retryEvents,
      double heldEvents,
      double deadLetters) {}

  /** What was read, and how long that took. */
  record Reading(
      List<Queue> queues, List<Consumer> consumers, double notificationQueueUsage, Duration took) {}

  private final String database;
  private final DataSource source;
  private final Executor executor;
  private @Nullable CompletableFuture<Reading> latest;
  private long startedAt;
  private volatile long mayComplainAt = System.nanoTime();

  DatabaseReader(String database, DataSource source, Executor executor) {
    this.database = database;
    this.source = source;
    this.executor = executor;
  }

  String database() {
    return database;
  }

  /** What was read a moment ago, or is being read, or will be now; fails as the reading does. */
  synchronized CompletableFuture<Reading> read() {
    long now = System.nanoTime();
    CompletableFuture<Reading> reading = latest;
    if (reading == null || (reading.isDone() && now - startedAt >= LEAST_AGE.toNanos())) {
      startedAt = now;
      reading = start();
      latest = reading;
    }
    return reading;
  }

  private CompletableFuture<Reading> start() {
    try {
      return CompletableFuture.supplyAsync(this::readNow, executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private @Nullable Reading readNow() {
    long began = System.nanoTime();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(BEGIN);
      statement.execute(SETTINGS);
      List<Queue> queues = queues(statement);
      List<Consumer> consumers = consumers(statement);
      double usage = notificationQueueUsage(statement);
      statement.execute("rollback");
      return new Reading(queues, consumers, usage, Duration.ofNanos(System.nanoTime() - began));
    } catch (SQLException e) {
      complain(e);
      throw new IllegalStateException(e);
    }
  }

  private static List<Queue> queues(Statement statement) throws SQLException {
    List<Queue> queues = new ArrayList<>();
    try (ResultSet row = statement.executeQuery(QUEUES)) {
      while (row.next()) {
        queues.add(
            new Queue(
                row.getString(1),
                row.getString(2),
                row.getDouble(3),
                row.getDouble(4),
                row.getDouble(5),
                row.getDouble(6),
                row.getDouble(7),
                row.getString(8)));
      }
    }
    return queues;
  }

  private static List<Consumer> consumers(Statement statement) throws SQLException {
    List<Consumer> consumers = new ArrayList<>();
    try (ResultSet row = statement.executeQuery(CONSUMERS)) {
      while (row.next()) {
        double lag = row.getDouble(3);
        boolean registered = !row.wasNull();
        consumers.add(
            new Consumer(
                row.getString(1),
                row.getString(2),
                registered ? lag : Double.NaN,
                registered ? row.getDouble(4) : Double.NaN,
                row.getBoolean(5),
                row.getDouble(6),
                row.getDouble(7),
                row.getDouble(8)));
      }
    }
    return consumers;
  }

  private static double notificationQueueUsage(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery(NOTIFICATIONS)) {
      row.next();
      return row.getDouble(1);
    }
  }

  private void complain(SQLException cause) {
    long now = System.nanoTime();
    if (now - mayComplainAt >= 0) {
      mayComplainAt = now + COMPLAINT_PERIOD.toNanos();
      LOG.warn(
          "{}: cannot be read for metrics: {} (SQLSTATE {})",
          database,
          text(cause),
          cause.getSQLState());
    }
  }

  /** Of a server's message without where in which function: that fills a page. */
  private static @Nullable String text(SQLException cause) {
    ServerErrorMessage sent = cause instanceof PSQLException by ? by.getServerErrorMessage() : null;
    return sent == null ? cause.getMessage() : sent.getMessage();
  }
}
