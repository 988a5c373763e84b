package io.pgq4j.examples.upstats;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection, opened when it is first needed and again when it was lost, for connecting costs
 * more than a query. Confined to one thread, except for {@link #close()} after the last use.
 */
final class KeptConnection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(KeptConnection.class);

  private final DataSource dataSource;
  private @Nullable Connection connection;

  KeptConnection(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Something that may be done twice. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Does the work; once more on a new connection if the one that was kept turns out to be dead. */
  <T> T run(Work<T> work) throws SQLException {
    Connection kept = connection;
    if (kept != null) {
      try {
        return work.run(kept);
      } catch (SQLException e) {
        if (!isLost(e)) {
          throw e;
        }
        log.info("the connection was lost, opening another one: {}", e.getMessage());
        close();
      }
    }
    Connection fresh = dataSource.getConnection();
    connection = fresh;
    return work.run(fresh);
  }

  private static boolean isLost(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("08") || state.startsWith("57P"));
  }

  @Override
  public void close() {
    Connection kept = connection;
    connection = null;
    if (kept != null) {
      try {
        kept.close();
      } catch (SQLException e) {
        log.debug("closing the connection", e);
      }
    }
  }
}
