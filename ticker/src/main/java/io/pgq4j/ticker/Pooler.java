package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** Whether a proxy hands out the server's sessions for one transaction at a time. */
public final class Pooler {
  /** What to do about it; begins in the middle of a sentence. */
  public static final String CURE =
      "a transaction-pooling proxy stands between here and the server: connect directly, or set"
          + " pooled=true";

  /** Other clients of the proxy may get in between. */
  private static final int TRIES = 10;

  private Pooler() {}

  /**
   * Asks. A server process whose number is not the one that was told at login stands behind some
   * proxy; a second connection that meets the same process, or a process that changes, shows that
   * sessions are shared. Nothing in the sessions is changed.
   *
   * @param connection in autocommit, from the same source
   */
  public static boolean poolsTransactions(DataSource source, Connection connection)
      throws SQLException {
    if (process(connection) == connection.unwrap(PGConnection.class).getBackendPID()) {
      return false;
    }
    try (Connection other = source.getConnection()) {
      for (int i = 0; i < TRIES; i++) {
        int first = process(connection);
        if (process(connection) != first || process(other) == first) {
          return true;
        }
      }
    }
    return false;
  }

  private static int process(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pg_catalog.pg_backend_pid()")) {
      row.next();
      return row.getInt(1);
    }
  }
}
