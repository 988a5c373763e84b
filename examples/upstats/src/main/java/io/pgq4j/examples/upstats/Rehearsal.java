package io.pgq4j.examples.upstats;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Sends a few ads through everything before the show, for Java is slow when it does something for
 * the first time, and the numbers shall be those of a program that runs for days. What it adds to
 * the tables it takes away again.
 */
final class Rehearsal {
  /** Gets the messages, of the stand-in only. */
  static final long CHAT = 1;

  private static final String WORD = "pgq4jrehearsal";
  private static final int ADS = 20;
  private static final long PATIENCE_MILLIS = 10_000;

  private final DataSource dataSource;
  private final Semaphore arrivals = new Semaphore(0);

  Rehearsal(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** To be told of each message to {@link #CHAT}. */
  void arrived() {
    arrivals.release();
  }

  /** Returns when all messages have arrived, or patience is over. */
  void run() throws SQLException, InterruptedException {
    List<Long> ads = new ArrayList<>();
    try (Connection connection = dataSource.getConnection()) {
      long stream =
          insert(
              connection,
              "insert into upstats.search_stream (name, keywords, chat_id)"
                  + " values ('Rehearsal', ?, "
                  + CHAT
                  + ") returning id");
      try {
        boolean inTime = true;
        while (inTime && ads.size() < ADS) {
          ads.add(
              insert(
                  connection,
                  "insert into upstats.job_ad (title, description) values ('Rehearsal', ?)"
                      + " returning id"));
          inTime = arrivals.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
      } finally {
        delete(connection, "delete from upstats.search_stream where id = any (?)", List.of(stream));
        delete(connection, "delete from upstats.job_ad where id = any (?)", ads);
      }
    }
  }

  private static long insert(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, WORD);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static void delete(Connection connection, String sql, List<Long> ids)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("bigint", ids.toArray()));
      statement.executeUpdate();
    }
  }
}
