package io.pgq4j.admin.web;

import io.pgq4j.QueueException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Asks the database: a statement that answers one JSON text, in a read-only transaction of its own
 * that ends within seconds. Thread-safe.
 */
final class Reader {
  /**
   * Settings of the role may be hostile, or meant for large queries; those of the planner keep it
   * to the indexes of event tables, of which it has no statistics. For this transaction only:
   * behind a pooler the session is shared.
   */
  private static final String SETTINGS =
      "select set_config('statement_timeout', '5000', true), set_config('lock_timeout', '1000',"
          + " true), set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true),"
          + " set_config('enable_bitmapscan', 'off', true), set_config('search_path', 'pg_catalog,"
          + " pg_temp', true)";

  private final DataSource dataSource;

  Reader(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** A connection for {@link #json(Connection, String, List)}, for the caller to close. */
  Connection open() throws SQLException {
    Connection connection = dataSource.getConnection();
    connection.setClientInfo("ApplicationName", "pgq-admin web");
    connection.setAutoCommit(false);
    connection.setReadOnly(true);
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    return connection;
  }

  /**
   * On a connection that is opened for it.
   *
   * @return the text; null: the statement answers no row, or null
   * @throws QueueException as the database refuses
   */
  @Nullable String json(String sql, List<?> parameters) {
    try (Connection connection = open()) {
      return json(connection, sql, parameters);
    } catch (SQLException e) {
      throw QueueException.of(e);
    }
  }

  static @Nullable String json(Connection connection, String sql, List<?> parameters)
      throws SQLException {
    try (PreparedStatement settings = connection.prepareStatement(SETTINGS);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      settings.execute();
      for (int i = 0; i < parameters.size(); i++) {
        statement.setObject(i + 1, parameters.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? row.getString(1) : null;
      }
    } finally {
      connection.rollback();
    }
  }
}
