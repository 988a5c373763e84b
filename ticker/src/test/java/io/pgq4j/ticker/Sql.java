package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Short ways to ask a database, and to wait for what it shows. */
public final class Sql {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long BETWEEN_LOOKS_NANOS = 2_000_000;

  private Sql() {}

  /** Runs any number of statements. */
  public static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the only row. */
  public static @Nullable String one(Connection connection, String sql) throws SQLException {
    List<String> all = all(connection, sql);
    if (all.size() != 1) {
      throw new AssertionFailedError(all.size() + " rows: " + sql);
    }
    return all.get(0);
  }

  /** The first column. */
  public static List<String> all(Connection connection, String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  /** Waits until the query's only value is this one. */
  public static void await(Connection connection, String sql, String value) {
    await(sql + " = " + value, () -> value.equals(one(connection, sql)));
  }

  /** Waits until it is so. */
  public static void await(String what, Callable<Boolean> isSo) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!isSo.call()) {
        if (System.nanoTime() - end > 0) {
          throw new AssertionFailedError("never came true: " + what);
        }
        LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionFailedError("cannot tell: " + what, e);
    }
  }

  /** Waits for a tick of a queue on a connection that listens to pgq_tick. */
  public static void awaitTick(Connection listening, String queue) throws SQLException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - end < 0) {
      PGNotification[] heard =
          listening.unwrap(PGConnection.class).getNotifications((int) PATIENCE.toMillis());
      if (heard != null) {
        for (PGNotification notification : heard) {
          if (notification.getParameter().equals(queue)) {
            return;
          }
        }
      }
    }
    throw new AssertionFailedError("no tick of " + queue);
  }

  /** Waits until the ticker sleeps. */
  public static void awaitArmed(Connection connection) {
    await(connection, "select last_value from pgq.ticker_armed", "1");
  }
}
