package io.pgq4j.examples.upstats;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** What users and the collector do to the tables. */
final class Tables {
  private final DataSource dataSource;

  Tables(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  long stream(long chatId, String keywords) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "insert into upstats.search_stream (name, keywords, chat_id)"
                    + " values ('search', ?, ?) returning id")) {
      statement.setString(1, keywords);
      statement.setLong(2, chatId);
      return number(statement);
    }
  }

  /** Commits ads in one transaction. Returns the id of the last. */
  long ads(String... titles) throws SQLException {
    return insertAds("", titles);
  }

  private long insertAds(String description, String... titles) throws SQLException {
    long id = 0;
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement statement =
          connection.prepareStatement(
              "insert into upstats.job_ad (title, description) values (?, ?) returning id")) {
        for (String title : titles) {
          statement.setString(1, title);
          statement.setString(2, description);
          id = number(statement);
        }
      }
      connection.commit();
    }
    return id;
  }

  long describedAd(String title, String description) throws SQLException {
    return insertAds(description, title);
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row, as text. */
  String text(String sql) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return String.valueOf(row.getString(1));
    }
  }

  private static long number(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
