package io.pgq4j.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening connection of a {@link Wakeups}, and the thread on it. */
final class WakeupListener implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(WakeupListener.class);

  private static final Executor SAME_THREAD = Runnable::run;
  private static final Backoff RECONNECT =
      Backoff.between(Duration.ofMillis(100), Duration.ofSeconds(30));

  /** How soon a close is noticed; a wait on the socket costs the database nothing. */
  private static final Duration SLICE = Duration.ofMillis(500);

  /** After this long without an answer to the check, the connection counts as dead. */
  private static final int CHECK_TIMEOUT_MILLIS = 15_000;

  /** Until the first notification is heard, checks are this close, so as to find out soon. */
  private static final Duration FIRST_CHECK = Duration.ofSeconds(1);

  private static final int MISSES_UNTIL_DEAF = 2;

  private static final String CHECK =
      "select q.queue_name, c.co_name,"
          + " s.sub_batch is null and t.tick_time < clock_timestamp() - interval '1 second'"
          + " from pgq.queue q"
          + " join pgq.subscription s on s.sub_queue = q.queue_id"
          + " join pgq.consumer c on c.co_id = s.sub_consumer"
          + " cross join lateral ("
          + "   select t.tick_time from pgq.tick t"
          + "   where t.tick_queue = s.sub_queue and t.tick_id > s.sub_last_tick"
          + "   order by t.tick_id limit 1) t"
          + " where q.queue_name = any (?)";

  private final Wakeups hub;
  private int failures;
  private int misses;
  private boolean checkRefused;

  WakeupListener(Wakeups hub) {
    this.hub = hub;
  }

  @Override
  public void run() {
    try {
      while (!hub.isClosed()) {
        try (Connection connection = hub.dataSource().getConnection()) {
          listen(connection);
        } catch (SQLException | RuntimeException e) {
          failed(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Error e) {
      log.error("the listener for wake-ups ended; consumers go on by polling", e);
      throw e;
    } finally {
      hub.setHealthy(false);
    }
  }

  private void failed(Exception e) throws InterruptedException {
    if (hub.isClosed()) {
      return;
    }
    if (hub.isHealthy() || failures == 0) {
      log.warn("no wake-ups for now, consumers poll until they are back: {}", e.toString());
    }
    if (hub.isHealthy()) {
      hub.setHealthy(false);
    }
    failures++;
    hub.awaitClosed(RECONNECT.delay(failures));
  }

  private void listen(Connection connection) throws SQLException {
    SessionSettings settings = SessionSettings.pin(connection);
    PGConnection notifications = connection.unwrap(PGConnection.class);
    boolean clean = false;
    try (Statement statement = connection.createStatement();
        PreparedStatement check = connection.prepareStatement(CHECK)) {
      statement.execute("listen pgq_tick");
      misses = 0;
      hub.setHealthy(true);
      failures = 0;
      loop(notifications, check);
      statement.execute("unlisten pgq_tick");
      settings.restore();
      clean = true;
    } finally {
      if (!clean) {
        // It may still listen, and a pool would keep it for others.
        connection.abort(SAME_THREAD);
      }
    }
  }

  private void loop(PGConnection notifications, PreparedStatement check) throws SQLException {
    Duration interval = FIRST_CHECK;
    long lastCheck = System.nanoTime();
    while (!hub.isClosed()) {
      Duration wanted =
          interval.compareTo(hub.checkInterval()) < 0 ? interval : hub.checkInterval();
      Duration left = wanted.minusNanos(System.nanoTime() - lastCheck);
      if (!left.isNegative() && !left.isZero()) {
        Duration slice = left.compareTo(SLICE) < 0 ? left : SLICE;
        hear(notifications.getNotifications((int) slice.toMillis() + 1));
      } else {
        check(check);
        lastCheck = System.nanoTime();
        interval = wanted.multipliedBy(2);
      }
    }
  }

  private void hear(PGNotification[] heard) {
    if (heard == null || heard.length == 0) {
      return;
    }
    misses = 0;
    if (!hub.isHealthy()) {
      log.info("wake-ups are back");
      hub.setHealthy(true);
    }
    for (PGNotification notification : heard) {
      hub.ticked(notification.getParameter());
    }
  }

  private void check(PreparedStatement check) throws SQLException {
    Connection connection = check.getConnection();
    connection.setNetworkTimeout(SAME_THREAD, CHECK_TIMEOUT_MILLIS);
    boolean missed = false;
    try {
      check.setArray(1, connection.createArrayOf("text", hub.queues()));
      try (ResultSet row = check.executeQuery()) {
        while (row.next()) {
          boolean asleep = hub.pending(row.getString(1), row.getString(2));
          missed |= asleep && row.getBoolean(3);
        }
      }
    } catch (SQLException e) {
      if (!refused(e)) {
        throw e;
      }
      // Nothing is known, so everyone looks for himself.
      hub.signalAll();
    }
    connection.setNetworkTimeout(SAME_THREAD, 0);
    missed(missed);
  }

  /** Whether the server answered, but with an error: the connection is still good. */
  private boolean refused(SQLException e) {
    String state = e.getSQLState();
    boolean refused = state != null && (state.startsWith("42") || state.equals("40001"));
    if (refused && !checkRefused) {
      checkRefused = true;
      log.warn("cannot check for ticks, consumers look for themselves: {}", e.getMessage());
    }
    return refused;
  }

  private void missed(boolean missed) {
    misses = missed ? misses + 1 : 0;
    if (misses == MISSES_UNTIL_DEAF && hub.isHealthy()) {
      log.warn(
          "ticks are found that no notification told of (a transaction-pooling proxy?): consumers"
              + " poll");
      hub.setHealthy(false);
    }
  }
}
