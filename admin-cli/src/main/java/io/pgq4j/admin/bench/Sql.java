package io.pgq4j.admin.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Statements without ceremony. */
final class Sql {
  private Sql() {}

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return number(statement.executeQuery(sql));
    }
  }

  static long number(PreparedStatement statement) throws SQLException {
    return number(statement.executeQuery());
  }

  /** The only number of a result, 0 for null; and all the rest of it is read. */
  private static long number(ResultSet rows) throws SQLException {
    try (rows) {
      long number = 0;
      while (rows.next()) {
        number = rows.getLong(1);
      }
      return number;
    }
  }
}
