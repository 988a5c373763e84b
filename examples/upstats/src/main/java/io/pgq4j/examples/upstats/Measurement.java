package io.pgq4j.examples.upstats;

import io.pgq4j.examples.Screen;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;

/**
 * Matches many ads with many streams, by the streams' rarest keywords and by the article's join.
 *
 * @param matches pairs of an ad and a stream that it matches
 * @param differences pairs that only one of both has found
 */
record Measurement(
    int ads, int streams, long matches, long differences, Duration byWord, Duration byJoin) {

  private static final int TURN = 500;

  /** Measures in one transaction, which is rolled back. */
  static Measurement of(DataSource dataSource, int ads, int streams) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("select setseed(0.5)");
        List<Long> ids = insertAds(connection, ads);
        statement.execute("select upstats.count_words()");
        insertStreams(connection, streams);
        statement.execute("analyze upstats.job_ad, upstats.search_stream, upstats.word");
        statement.execute("create temporary table by_word (stream_id bigint, ad_id bigint)");
        statement.execute("create temporary table by_join (stream_id bigint, ad_id bigint)");
        Duration byWord = Duration.ZERO;
        Duration byJoin = Duration.ZERO;
        // In turns, so that both meet the same load of the machine.
        for (int i = 0; i < ads; i += TURN) {
          List<Long> some = ids.subList(i, Math.min(ads, i + TURN));
          byWord = byWord.plus(match(connection, "by_word", "match.sql", some));
          byJoin = byJoin.plus(match(connection, "by_join", "join.sql", some));
        }
        long matches = number(statement, "select count(*) from by_join");
        long differences =
            number(
                statement,
                "select count(*) from ((table by_word except all table by_join)"
                    + " union all (table by_join except all table by_word)) found_by_one");
        return new Measurement(ads, streams, matches, differences, byWord, byJoin);
      } finally {
        connection.rollback();
      }
    }
  }

  private static List<Long> insertAds(Connection connection, int ads) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(Resources.text("measure_ads.sql"))) {
      statement.setInt(1, ads);
      List<Long> ids = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getLong(1));
        }
      }
      return ids;
    }
  }

  private static void insertStreams(Connection connection, int streams) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(Resources.text("measure_streams.sql"))) {
      statement.setInt(1, streams);
      statement.executeUpdate();
    }
  }

  private static Duration match(Connection connection, String table, String query, List<Long> ads)
      throws SQLException {
    Array ids = connection.createArrayOf("bigint", ads.toArray());
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into "
                + table
                + " select stream_id, id from ("
                + Resources.text(query)
                + ") found")) {
      statement.setArray(1, ids);
      long begin = System.nanoTime();
      statement.executeUpdate();
      return Duration.ofNanos(System.nanoTime() - begin);
    }
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  void show(Screen screen) {
    screen.fact(
        "Matched",
        String.format(Locale.ROOT, "%,d ads with %,d streams: %,d matches", ads, streams, matches));
    screen.fact("By join", Screen.millis(byJoin) + ": each ad is held against each stream");
    screen.fact("By keyword", Screen.millis(byWord) + ": against those that it may match");
    screen.fact(
        "Ratio",
        String.format(Locale.ROOT, "%.0f times", (double) byJoin.toNanos() / byWord.toNanos()));
    screen.fact("Differences", Long.toString(differences));
  }
}
