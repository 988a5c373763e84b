package io.pgq4j.testing.history;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** A session that connects again when it was cut off. */
final class Db implements AutoCloseable {

  /**
   * Serialization, deadlock, lock timeout, statement timeout, too many prepared: the transaction
   * may be repeated.
   */
  private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "55P03", "57014", "53200");

  private final DataSource dataSource;
  private final String application;
  private @Nullable Connection connection;

  /** The application's name tells who may be terminated. */
  Db(DataSource dataSource, String application) {
    this.dataSource = dataSource;
    this.application = application;
  }

  static boolean isTransient(SQLException e) {
    return TRANSIENT.contains(String.valueOf(e.getSQLState())) || isCutOff(e);
  }

  static boolean isCutOff(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57P");
  }

  private Connection connection() throws SQLException {
    if (connection == null || connection.isClosed()) {
      connection = dataSource.getConnection();
      try (Statement statement = connection.createStatement()) {
        statement.execute("set application_name = '" + application + "'");
        statement.execute("set statement_timeout = '60s'");
        statement.execute("set lock_timeout = '10s'");
      }
    }
    return connection;
  }

  /** Number of rows that were changed. */
  int run(String sql, @Nullable Object... args) throws SQLException {
    try (PreparedStatement statement = prepare(sql, args)) {
      return statement.execute() ? 0 : statement.getUpdateCount();
    }
  }

  List<Row> rows(String sql, @Nullable Object... args) throws SQLException {
    try (PreparedStatement statement = prepare(sql, args);
        ResultSet result = statement.executeQuery()) {
      List<Row> rows = new ArrayList<>();
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<@Nullable Object> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(result.getObject(i));
        }
        rows.add(new Row(values));
      }
      return rows;
    }
  }

  Row row(String sql, @Nullable Object... args) throws SQLException {
    return rows(sql, args).get(0);
  }

  long number(String sql, @Nullable Object... args) throws SQLException {
    return row(sql, args).number(0);
  }

  private PreparedStatement prepare(String sql, @Nullable Object... args) throws SQLException {
    PreparedStatement statement = connection().prepareStatement(sql);
    for (int i = 0; i < args.length; i++) {
      statement.setObject(i + 1, args[i]);
    }
    return statement;
  }

  int copy(String table, String rows) throws SQLException {
    try {
      return (int)
          connection()
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("copy " + table + " from stdin", new StringReader(rows));
    } catch (IOException e) {
      throw new SQLException(e.getMessage(), "08006", e);
    }
  }

  /** Ends the transaction that is open, if any. */
  void reset() {
    try {
      if (connection != null && !connection.isClosed()) {
        run("rollback");
      }
    } catch (SQLException e) {
      close();
    }
  }

  /** Dies as a process does: without a word. */
  @Override
  public void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (SQLException e) {
      // it is gone
    }
    connection = null;
  }

  /** A row of a result. */
  record Row(List<@Nullable Object> values) {

    boolean isNull(int column) {
      return values.get(column) == null;
    }

    long number(int column) {
      return Long.parseLong(text(column));
    }

    String text(int column) {
      return String.valueOf(values.get(column));
    }

    @Nullable String textOrNull(int column) {
      return isNull(column) ? null : text(column);
    }

    /** An array of bigint; null: it is null. */
    @Nullable List<Long> numbers(int column) throws SQLException {
      return values.get(column) instanceof java.sql.Array array
          ? List.of((Long[]) array.getArray())
          : null;
    }

    List<String> texts(int column) throws SQLException {
      return values.get(column) instanceof java.sql.Array array
          ? List.of((String[]) array.getArray())
          : List.of();
    }
  }
}
