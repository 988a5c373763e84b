package io.pgq4j.examples.cinema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What a query answers, as text. */
final class Rows {
  private Rows() {}

  /** All rows. */
  static List<List<String>> all(DataSource dataSource, String sql, String... arguments)
      throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setString(i + 1, arguments[i]);
      }
      List<List<String>> rows = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          List<String> columns = new ArrayList<>();
          for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            columns.add(String.valueOf(row.getString(i)));
          }
          rows.add(columns);
        }
      }
      return rows;
    }
  }

  /** The one row there is. */
  static List<String> one(DataSource dataSource, String sql, String... arguments)
      throws SQLException {
    return all(dataSource, sql, arguments).get(0);
  }
}
