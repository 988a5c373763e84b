package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import javax.sql.DataSource;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * A connection in autocommit whose session settings do not depend on the role, the database or the
 * pool it came from. Closing puts back what was set, for the connection may go back to a pool.
 */
final class Session implements AutoCloseable {
  /** What the tick connection may wait for an answer: looks and ticks take milliseconds. */
  private static final Duration TICK_STATEMENT_TIMEOUT = Duration.ofSeconds(20);

  private static final Duration TICK_NETWORK_TIMEOUT = Duration.ofSeconds(25);
  private static final Duration MAINTENANCE_STATEMENT_TIMEOUT = Duration.ofMinutes(5);
  private static final String IN_FAILED_TRANSACTION = "25P02";
  private static final Duration RESET_TIMEOUT = Duration.ofSeconds(5);

  private final Connection connection;
  private final boolean autoCommitBefore;
  private final int networkTimeoutBefore;
  private final Map<String, String> settingsBefore;

  private Session(Connection connection, Map<String, String> settings) throws SQLException {
    this.connection = connection;
    autoCommitBefore = connection.getAutoCommit();
    networkTimeoutBefore = connection.getNetworkTimeout();
    connection.setAutoCommit(true);
    settingsBefore = current(connection, settings.keySet());
    set(connection, settings);
  }

  static Session forTicks(DataSource source, Duration lockTimeout) throws SQLException {
    Map<String, String> settings = settings("pgq-ticker", lockTimeout, TICK_STATEMENT_TIMEOUT);
    Session session = open(source, settings);
    try {
      // A server that became unreachable without a word is noticed at the next look.
      session.connection.setNetworkTimeout(Runnable::run, (int) TICK_NETWORK_TIMEOUT.toMillis());
      return session;
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  static Session forMaintenance(DataSource source, String duty, Duration lockTimeout)
      throws SQLException {
    Map<String, String> settings =
        settings("pgq-ticker " + duty, lockTimeout, MAINTENANCE_STATEMENT_TIMEOUT);
    return open(source, settings);
  }

  private static Session open(DataSource source, Map<String, String> settings) throws SQLException {
    Connection connection = source.getConnection();
    try {
      return new Session(connection, settings);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private static Map<String, String> settings(
      String application, Duration lockTimeout, Duration statementTimeout) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("application_name", application);
    settings.put("default_transaction_isolation", "read committed");
    settings.put("default_transaction_read_only", "off");
    settings.put("synchronous_commit", "on");
    settings.put("search_path", "pg_catalog, pg_temp");
    settings.put("TimeZone", "UTC");
    settings.put("client_min_messages", "warning");
    settings.put("statement_timeout", Long.toString(statementTimeout.toMillis()));
    settings.put("lock_timeout", Long.toString(lockTimeout.toMillis()));
    settings.put("idle_in_transaction_session_timeout", "0");
    settings.put("idle_session_timeout", "0");
    // Compiling a millisecond's query costs more than running it.
    settings.put("jit", "off");
    // So that the server gives the leader's lock back within half a minute of the leader's loss.
    settings.put("tcp_keepalives_idle", "10");
    settings.put("tcp_keepalives_interval", "5");
    settings.put("tcp_keepalives_count", "3");
    return settings;
  }

  private static Map<String, String> current(Connection connection, Iterable<String> names)
      throws SQLException {
    StringJoiner calls = new StringJoiner(", ", "select ", "");
    names.forEach(name -> calls.add("pg_catalog.current_setting('" + name + "')"));
    Map<String, String> values = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(calls.toString())) {
      row.next();
      int column = 1;
      for (String name : names) {
        values.put(name, row.getString(column++));
      }
    }
    return values;
  }

  private static void set(Connection connection, Map<String, String> settings) throws SQLException {
    StringJoiner calls = new StringJoiner(", ", "select ", "");
    settings.keySet().forEach(name -> calls.add("pg_catalog.set_config(?, ?, false)"));
    try (PreparedStatement statement = connection.prepareStatement(calls.toString())) {
      int parameter = 1;
      for (Map.Entry<String, String> setting : settings.entrySet()) {
        statement.setString(parameter++, setting.getKey());
        statement.setString(parameter++, setting.getValue());
      }
      statement.execute();
    }
  }

  Connection connection() {
    return connection;
  }

  /** Passes the statement's warnings on, by their SQLSTATE and text. */
  static void warnings(Statement statement, Complaints complaints) throws SQLException {
    for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
      String message = text(w);
      complaints.warn(message, "{} (SQLSTATE {}){}", message, w.getSQLState());
    }
    statement.clearWarnings();
  }

  /** With the hint, which names the cure. */
  private static String text(SQLWarning warning) {
    ServerErrorMessage sent =
        warning instanceof PSQLWarning byServer ? byServer.getServerErrorMessage() : null;
    String hint = sent == null ? null : sent.getHint();
    return warning.getMessage() + (hint == null ? "" : ". " + hint);
  }

  /** Ends whatever the session is doing, from another thread. */
  void abort() {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is gone already, which is what was wanted.
    }
  }

  /**
   * Gives the connection back as it came. Where that fails the connection is cut, lest a pool keep
   * one that holds the leader's lock.
   */
  @Override
  public void close() {
    try (Connection closing = connection) {
      if (!closing.isClosed()) {
        reset(closing);
      }
    } catch (SQLException e) {
      abort();
    }
  }

  private void reset(Connection closing) throws SQLException {
    closing.setNetworkTimeout(Runnable::run, (int) RESET_TIMEOUT.toMillis());
    try {
      leave(closing);
    } catch (SQLException e) {
      if (!IN_FAILED_TRANSACTION.equals(e.getSQLState())) {
        throw e;
      }
      execute(closing, "rollback");
      leave(closing);
    }
    closing.setNetworkTimeout(Runnable::run, networkTimeoutBefore);
    closing.setAutoCommit(autoCommitBefore);
  }

  private void leave(Connection closing) throws SQLException {
    execute(closing, "unlisten *; select pg_catalog.pg_advisory_unlock_all()");
    set(closing, settingsBefore);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
