package io.pgq4j.ticker;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * A connection whose statements are each a transaction with settings of its own, because the next
 * one may run in another session of the server: that is what a transaction-pooling proxy does. A
 * transaction goes to the server as a whole, so nobody is left waiting in the middle of it by a
 * client that was paused.
 *
 * <p>Only {@code execute} and {@code executeQuery} of one statement at a time. What PostgreSQL
 * refuses to do in a transaction is done without one, so without the settings; none of it keeps
 * producers waiting.
 */
final class TransactionPerStatement {
  private static final Pattern ALONE =
      Pattern.compile("vacuum .*|alter table .* detach partition .*", Pattern.DOTALL);

  /** Those of begin, set and set_config. */
  private static final int RESULTS_BEFORE = 3;

  private final Connection connection;
  private final String begin;
  private final Map<String, String> settings;

  private TransactionPerStatement(Connection connection, Map<String, String> settings)
      throws SQLException {
    this.connection = connection;
    this.settings = settings;
    PGConnection postgres = connection.unwrap(PGConnection.class);
    StringJoiner calls = new StringJoiner(", ", "select ", "; ");
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      calls.add(
          "pg_catalog.set_config('%s', %s, true)"
              .formatted(setting.getKey(), literal(postgres, setting.getValue())));
    }
    // First of all the time limit, so that the role's own is not what ends the rest.
    begin =
        "begin isolation level read committed, read write; set local statement_timeout = "
            + literal(postgres, settings.getOrDefault("statement_timeout", "0"))
            + "; "
            + calls;
  }

  private static String literal(PGConnection postgres, String text) throws SQLException {
    return "'" + postgres.escapeLiteral(text) + "'";
  }

  /** Such a connection on top of one in autocommit. */
  static Connection of(Connection connection, Map<String, String> settings) throws SQLException {
    return new TransactionPerStatement(connection, settings).connection();
  }

  private Connection connection() {
    return proxy(
        Connection.class,
        (method, arguments) ->
            switch (method.getName()) {
              case "createStatement" -> statement(connection.createStatement());
              case "prepareStatement" -> prepared(text(arguments));
              default -> invoke(method, connection, arguments);
            });
  }

  private Statement statement(Statement statement) {
    return proxy(
        Statement.class,
        (method, arguments) ->
            switch (method.getName()) {
              case "execute" -> execute(statement, text(arguments));
              case "executeQuery" -> {
                execute(statement, text(arguments));
                yield statement.getResultSet();
              }
              default -> invoke(method, statement, arguments);
            });
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(inTransaction(sql));
    return proxy(
        PreparedStatement.class,
        (method, arguments) ->
            switch (method.getName()) {
              case "executeQuery" -> {
                run(statement, statement::execute);
                yield statement.getResultSet();
              }
              default -> invoke(method, statement, arguments);
            });
  }

  private boolean execute(Statement statement, String sql) throws SQLException {
    if (ALONE.matcher(sql).matches()) {
      // The driver cancels it then. VACUUM works for long; the others only ever wait.
      statement.setQueryTimeout(
          seconds(sql.startsWith("vacuum ") ? "statement_timeout" : "lock_timeout"));
      return statement.execute(sql);
    }
    run(statement, () -> statement.execute(inTransaction(sql)));
    return statement.getResultSet() != null;
  }

  private int seconds(String timeout) {
    long millis = Long.parseLong(settings.getOrDefault(timeout, "0"));
    return (int) Duration.ofMillis(millis).plusMillis(999).toSeconds();
  }

  private String inTransaction(String sql) {
    return begin + sql + "; commit";
  }

  private interface Execution {
    @SuppressWarnings("UnusedReturnValue")
    boolean run() throws SQLException;
  }

  /** Leaves the statement at the result that was asked for. */
  private void run(Statement statement, Execution execution) throws SQLException {
    try {
      execution.run();
    } catch (SQLException e) {
      rollBack(e);
      throw e;
    }
    for (int i = 0; i < RESULTS_BEFORE; i++) {
      statement.getMoreResults();
    }
  }

  private void rollBack(SQLException reason) {
    try (Statement statement = connection.createStatement()) {
      statement.execute("rollback");
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  private static String text(@Nullable Object @Nullable [] arguments) {
    if (arguments == null || arguments.length != 1 || !(arguments[0] instanceof String sql)) {
      throw new UnsupportedOperationException("only with the text of one statement");
    }
    return sql;
  }

  private interface Handler {
    @Nullable Object handle(Method method, @Nullable Object @Nullable [] arguments)
        throws Throwable;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> handler.handle(method, arguments)));
  }

  private static @Nullable Object invoke(
      Method method, Object target, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
