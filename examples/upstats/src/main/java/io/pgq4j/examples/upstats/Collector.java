package io.pgq4j.examples.upstats;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/**
 * Plays the program that collects job ads: commits those of job_ads.csv one after the other, from
 * where the table is on, and from the beginning again when all are through. Knows nothing of
 * queues. Confined to one thread.
 */
final class Collector implements AutoCloseable {
  /** So many ads has a transaction, in turn. */
  private static final int[] SIZES = {1, 2, 1, 1, 3, 1, 1, 2, 1, 4};

  private final Connection connection;
  private final CommitTimes times;
  private final long feedSize;
  private long ads;
  private long transactions;
  private long next;

  private Collector(Connection connection, CommitTimes times) throws SQLException, IOException {
    this.connection = connection;
    this.times = times;
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "create temporary table feed (id bigint primary key, title text, description text,"
              + " skills text, budget numeric, pay text, country text, posted timestamptz)");
    }
    try (InputStream csv = Resources.open("job_ads.csv")) {
      feedSize =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("copy feed from stdin with (format csv, header)", csv);
    }
    next =
        number(
                    "select coalesce((select source_id from upstats.job_ad"
                        + " where source_id is not null order by id desc limit 1), 0)")
                % feedSize
            + 1;
    connection.setAutoCommit(false);
  }

  static Collector open(DataSource dataSource, CommitTimes times) throws SQLException, IOException {
    Connection connection = dataSource.getConnection();
    try {
      return new Collector(connection, times);
    } catch (SQLException | IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** How many ads there are to play. */
  long feedSize() {
    return feedSize;
  }

  /** How many ads come before the feed begins again. */
  long left() {
    return feedSize - next + 1;
  }

  /** Commits the next few ads. */
  void collect() throws SQLException {
    long size = Math.min(SIZES[(int) (transactions % SIZES.length)], left());
    insert(next, next + size - 1);
  }

  /** Skips to an ad that some stream waits for, and commits it alone. */
  void collectOneThatMatches() throws SQLException {
    long matching =
        number(
            "select coalesce(min(id) filter (where id >= "
                + next
                + "), min(id), "
                + next
                + ")"
                + " from feed where exists (select from upstats.search_stream stream"
                + " where not stream.paused and not stream.deleted and stream.query @@"
                + " to_tsvector('english', upstats.searchable(title || ' ' || skills || ' ' || description)))");
    connection.commit();
    insert(matching, matching);
  }

  private void insert(long first, long last) throws SQLException {
    CompletableFuture<Long> commit;
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into upstats.job_ad"
                + " (source_id, title, description, skills, budget, pay, country, posted)"
                + " select id, title, description, skills, budget, pay, country, posted"
                + " from feed where id between ? and ? order by id returning id")) {
      statement.setLong(1, first);
      statement.setLong(2, last);
      try (ResultSet rows = statement.executeQuery()) {
        commit = times.expect(ids(rows));
      }
    }
    try {
      connection.commit();
    } finally {
      commit.complete(System.nanoTime());
    }
    ads += last - first + 1;
    transactions++;
    next = last % feedSize + 1;
  }

  private static List<Long> ids(ResultSet rows) throws SQLException {
    List<Long> ids = new ArrayList<>();
    while (rows.next()) {
      ids.add(rows.getLong(1));
    }
    return ids;
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Ads committed so far. */
  long ads() {
    return ads;
  }

  /** Transactions committed so far. */
  long transactions() {
    return transactions;
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
