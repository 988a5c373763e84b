package io.pgq4j;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is kept from one piece of work to the next, out of autocommit mode and READ
 * COMMITTED. Thread-safe: where two work at once, one of them gets another connection, which is
 * closed after it.
 */
final class SpareConnection implements AutoCloseable {
  /** One that was in use within this time is taken without asking the server. */
  private static final long TRUSTED_NANOS = Duration.ofSeconds(1).toNanos();

  private static final int ANSWER_SECONDS = 5;

  private record Kept(Connection connection, long since) {}

  private final DataSource dataSource;
  private final AtomicReference<@Nullable Kept> spare = new AtomicReference<>();

  SpareConnection(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Something to do. It commits; what it leaves open after an exception is rolled back. */
  interface Work {
    void run(Connection connection) throws Exception;
  }

  void run(Work work) throws Exception {
    Connection connection = take();
    boolean done = false;
    try {
      work.run(connection);
      done = true;
    } finally {
      if (!done || !spare.compareAndSet(null, new Kept(connection, System.nanoTime()))) {
        discard(connection);
      }
    }
  }

  private Connection take() throws SQLException {
    Kept kept = spare.getAndSet(null);
    if (kept != null) {
      if (System.nanoTime() - kept.since() < TRUSTED_NANOS
          || kept.connection().isValid(ANSWER_SECONDS)) {
        return kept.connection();
      }
      discard(kept.connection());
    }
    Connection fresh = dataSource.getConnection();
    fresh.setAutoCommit(false);
    fresh.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return fresh;
  }

  private static void discard(Connection connection) {
    try (connection) {
      connection.rollback();
    } catch (SQLException e) {
      // It is lost: the server rolls back by itself, and whoever has an exception tells the reason.
    }
  }

  /** Closes the one that is kept; another one is opened when there is work again. */
  @Override
  public void close() {
    Kept kept = spare.getAndSet(null);
    if (kept != null) {
      discard(kept.connection());
    }
  }
}
