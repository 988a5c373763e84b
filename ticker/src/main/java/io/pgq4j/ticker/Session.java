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
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * A connection in autocommit whose session settings do not depend on the role, the database or the
 * pool it came from. Closing puts back what was set, for the connection may go back to a pool.
 *
 * <p>Behind a transaction-pooling proxy ({@link TickerConfig#pooled}) there is no session whose
 * settings could be changed: there each statement is a transaction with these settings.
 */
final class Session implements AutoCloseable {
  /** What the tick connection may wait for an answer: looks and ticks take milliseconds. */
  private static final Duration TICK_STATEMENT_TIMEOUT = Duration.ofSeconds(8);

  private static final Duration TICK_NETWORK_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration MAINTENANCE_STATEMENT_TIMEOUT = Duration.ofMinutes(5);
  private static final String IN_FAILED_TRANSACTION = "25P02";
  private static final Duration RESET_TIMEOUT = Duration.ofSeconds(5);

  private final Connection connection;
  private final boolean pooled;
  private final boolean autoCommitBefore;
  private final int networkTimeoutBefore;
  private final int prepareThresholdBefore;
  private final Map<String, String> settingsBefore;

  private Session(Connection connection, Map<String, String> settings, boolean pooled)
      throws SQLException {
    this.pooled = pooled;
    PGConnection postgres = connection.unwrap(PGConnection.class);
    autoCommitBefore = connection.getAutoCommit();
    networkTimeoutBefore = connection.getNetworkTimeout();
    prepareThresholdBefore = postgres.getPrepareThreshold();
    connection.setAutoCommit(true);
    if (pooled) {
      postgres.setPrepareThreshold(0);
      settingsBefore = Map.of();
      this.connection = TransactionPerStatement.of(connection, settings);
    } else {
      settingsBefore = current(connection, settings.keySet());
      set(connection, settings);
      this.connection = connection;
    }
  }

  static Session forTicks(DataSource source, TickerConfig config)
      throws SQLException, NotReadyException {
    Map<String, String> settings =
        settings("pgq-ticker", config.lockTimeout(), TICK_STATEMENT_TIMEOUT);
    if (config.pooled()) {
      // What a call writes beside ticks, which see to it themselves, need not survive a crash.
      settings.put("synchronous_commit", "off");
    }
    Session session = open(source, settings, config);
    try {
      // A server that became unreachable without a word is noticed at the next look.
      session.connection.setNetworkTimeout(Runnable::run, (int) TICK_NETWORK_TIMEOUT.toMillis());
      return session;
    } catch (SQLException e) {
      session.close();
      throw e;
    }
  }

  static Session forMaintenance(DataSource source, String duty, TickerConfig config)
      throws SQLException, NotReadyException {
    Map<String, String> settings =
        settings("pgq-ticker " + duty, config.lockTimeout(), MAINTENANCE_STATEMENT_TIMEOUT);
    return open(source, settings, config);
  }

  private static Session open(DataSource source, Map<String, String> settings, TickerConfig config)
      throws SQLException, NotReadyException {
    Connection connection = source.getConnection();
    try {
      if (!config.pooled() && Pooler.poolsTransactions(source, connection)) {
        throw new NotReadyException(Pooler.CURE);
      }
      return new Session(connection, settings, config.pooled());
    } catch (SQLException | NotReadyException | RuntimeException e) {
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
    // So that the server gives the lock of a leader whose host is lost back within 11 seconds.
    settings.put("tcp_keepalives_idle", "5");
    settings.put("tcp_keepalives_interval", "2");
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

  private static String text(SQLWarning warning) {
    ServerErrorMessage sent =
        warning instanceof PSQLWarning byServer ? byServer.getServerErrorMessage() : null;
    return sent == null ? String.valueOf(warning.getMessage()) : text(sent);
  }

  /** With the hint, which names the cure, and without the context. */
  static String text(ServerErrorMessage sent) {
    return sent.getMessage() + (sent.getHint() == null ? "" : ". " + sent.getHint());
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
    if (!pooled) {
      resetSettings(closing);
    }
    closing.setNetworkTimeout(Runnable::run, networkTimeoutBefore);
    closing.setAutoCommit(autoCommitBefore);
    closing.unwrap(PGConnection.class).setPrepareThreshold(prepareThresholdBefore);
  }

  private void resetSettings(Connection closing) throws SQLException {
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
