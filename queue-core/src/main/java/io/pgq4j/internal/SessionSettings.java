package io.pgq4j.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a connection must be like to carry batches, and what it was like before.
 *
 * <p>A role or database may have defaults that would make every batch fail: another isolation
 * level, read-only transactions, timeouts meant for web requests. They are changed for the session,
 * but only where they differ: behind a transaction-pooling proxy a SET would leak to strangers, and
 * with PostgreSQL's defaults there is none.
 */
public final class SessionSettings {
  private static final String FIND_HOSTILE =
      "select w.name, current_setting(w.name) from (values"
          + " ('default_transaction_isolation', 'read committed'),"
          + " ('default_transaction_read_only', 'off'),"
          + " ('statement_timeout', '0'),"
          + " ('idle_in_transaction_session_timeout', '0'),"
          + " ('transaction_timeout', '0'),"
          + " ('idle_session_timeout', '0')) w (name, wanted)"
          + " where current_setting(w.name, true) <> w.wanted";
  private static final String SET = "select set_config(?, ?, false)";

  private final Connection connection;
  private final boolean autoCommit;
  private final boolean readOnly;
  private final Map<String, String> changed = new LinkedHashMap<>();

  private SessionSettings(Connection connection) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    this.readOnly = connection.isReadOnly();
  }

  /** Puts the connection into autocommit mode and pins the settings that matter. */
  public static SessionSettings pin(Connection connection) throws SQLException {
    SessionSettings settings = new SessionSettings(connection);
    connection.setAutoCommit(true);
    if (settings.readOnly) {
      connection.setReadOnly(false);
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(FIND_HOSTILE)) {
      while (row.next()) {
        settings.changed.put(row.getString(1), row.getString(2));
      }
    }
    for (String name : settings.changed.keySet()) {
      boolean level = name.equals("default_transaction_isolation");
      settings.set(name, level ? "read committed" : name.endsWith("_read_only") ? "off" : "0");
    }
    return settings;
  }

  /** Ends the transaction, if one is open, and makes everything as it was. */
  public void restore() throws SQLException {
    if (!connection.getAutoCommit()) {
      connection.rollback();
      connection.setAutoCommit(true);
    }
    for (Map.Entry<String, String> setting : changed.entrySet()) {
      set(setting.getKey(), setting.getValue());
    }
    if (readOnly) {
      connection.setReadOnly(true);
    }
    connection.setAutoCommit(autoCommit);
  }

  private void set(String name, String value) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SET)) {
      statement.setString(1, name);
      statement.setString(2, value);
      statement.execute();
    }
  }
}
