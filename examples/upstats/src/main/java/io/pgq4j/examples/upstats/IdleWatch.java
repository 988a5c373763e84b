package io.pgq4j.examples.upstats;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Counts what the database serves meanwhile, all its clients together, by its own statistics.
 * Queries outside of transaction blocks are transactions of their own, so polling would show here.
 */
final class IdleWatch implements AutoCloseable {
  private final Connection connection;
  private final long before;

  IdleWatch(DataSource dataSource) throws SQLException {
    connection = dataSource.getConnection();
    try {
      before = served();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Transactions since this was made, without its own. */
  long transactions() throws SQLException {
    // The one that read the number before counts now.
    return Math.max(0, served() - before - 1);
  }

  private long served() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      // Else the server may take its time to count what this session does.
      if (connection.getMetaData().getDatabaseMajorVersion() >= 15) {
        statement.execute("begin; select pg_stat_force_next_flush()");
      } else {
        statement.execute("begin");
      }
      try (ResultSet row =
          statement.executeQuery(
              "select xact_commit + xact_rollback from pg_stat_database"
                  + " where datname = current_database()")) {
        row.next();
        return row.getLong(1);
      } finally {
        statement.execute("commit");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
