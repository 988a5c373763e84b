package io.pgq4j.sql;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Answers statements by text that can be compared with another database's answers: the rows, the
 * warnings, or the first line of the error. Times, snapshots and transaction ids are only told by
 * whether they are there.
 *
 * <p>A session is opened when its name is used first. Those called {@code reader}, {@code writer},
 * {@code admin} and {@code nobody} log in as users of these names, of whom the first three are in
 * the role {@code pgq_reader} … of PgQ; all others as the superuser.
 */
final class AnsweringDatabase implements AutoCloseable {

  static final Set<String> USERS = Set.of("reader", "writer", "admin", "nobody");

  private final PGSimpleDataSource database;
  private final Map<String, Connection> sessions = new HashMap<>();

  AnsweringDatabase(PGSimpleDataSource database) {
    this.database = database;
  }

  PGSimpleDataSource dataSource() {
    return database;
  }

  /** {@code copy … from stdin} is followed by its data, in which a tab is written as \t. */
  String answer(String session, String sql) throws SQLException, IOException {
    int copied = sql.startsWith("copy ") ? sql.indexOf(" from stdin ") : -1;
    Connection connection = session(session);
    try (Statement statement = connection.createStatement()) {
      if (copied > 0) {
        int data = copied + " from stdin ".length();
        return copy(connection, sql.substring(0, data), sql.substring(data).replace("\\t", "\t"));
      }
      StringJoiner answer = new StringJoiner("; ");
      for (boolean rows = statement.execute(sql);
          rows || statement.getUpdateCount() >= 0;
          rows = statement.getMoreResults()) {
        if (rows) {
          addRows(statement.getResultSet(), answer);
        } else {
          answer.add("done");
        }
      }
      for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
        addWarning(w, answer);
      }
      return answer.toString();
    } catch (SQLException e) {
      return Objects.requireNonNull(e.getMessage()).lines().findFirst().orElse("");
    }
  }

  private Connection session(String name) throws SQLException {
    Connection session = sessions.get(name);
    if (session == null) {
      session =
          USERS.contains(name) ? database.getConnection(name, null) : database.getConnection();
      try (Statement statement = session.createStatement()) {
        statement.execute("set statement_timeout = '60s'"); // a call that hangs tells where
      }
      sessions.put(name, session);
    }
    return session;
  }

  private static String copy(Connection connection, String sql, String data)
      throws SQLException, IOException {
    return Long.toString(
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new StringReader(data)));
  }

  private static void addWarning(SQLWarning warning, StringJoiner answer) {
    ServerErrorMessage message =
        warning instanceof PSQLWarning w ? w.getServerErrorMessage() : null;
    if (message != null && "WARNING".equals(message.getSeverity())) {
      answer.add("WARNING: " + message.getMessage());
    }
  }

  private static void addRows(ResultSet row, StringJoiner answer) throws SQLException {
    ResultSetMetaData columns = row.getMetaData();
    while (row.next()) {
      StringJoiner values = new StringJoiner("|");
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        values.add(comparable(row.getString(i), columns, i));
      }
      answer.add(values.toString());
    }
  }

  private static @Nullable String comparable(
      @Nullable String value, ResultSetMetaData columns, int i) throws SQLException {
    boolean varies =
        columns.getColumnTypeName(i).matches("timestamptz|interval|txid_snapshot")
            || columns.getColumnName(i).equals("ev_txid");
    return value != null && varies ? "*" : value;
  }

  @Override
  public void close() throws SQLException {
    for (Connection session : sessions.values()) {
      session.close();
    }
  }
}
