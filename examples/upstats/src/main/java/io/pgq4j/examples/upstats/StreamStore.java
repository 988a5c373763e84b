package io.pgq4j.examples.upstats;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** The tables, as the notifier sees them. Every method is one statement and one transaction. */
final class StreamStore implements AutoCloseable {
  private static final String MATCH = Resources.text("match.sql");
  private static final String DELIVERED = Resources.text("delivered.sql");

  private final KeptConnection connection;

  StreamStore(DataSource dataSource) {
    connection = new KeptConnection(dataSource);
  }

  /** The streams that some of these ads are new for, each with its ads, by their ids. */
  List<StreamMatch> match(Collection<Long> adIds) throws SQLException {
    return connection.run(
        sql -> {
          try (PreparedStatement statement = sql.prepareStatement(MATCH)) {
            statement.setArray(1, ids(sql, adIds));
            try (ResultSet rows = statement.executeQuery()) {
              return matches(rows);
            }
          }
        });
  }

  private static List<StreamMatch> matches(ResultSet rows) throws SQLException {
    Map<Long, StreamMatch> byStream = new TreeMap<>();
    while (rows.next()) {
      long streamId = rows.getLong("stream_id");
      StreamMatch match = byStream.get(streamId);
      if (match == null) {
        match =
            new StreamMatch(
                streamId,
                rows.getString("stream_name"),
                rows.getLong("chat_id"),
                new ArrayList<>());
        byStream.put(streamId, match);
      }
      match.ads().add(ad(rows));
    }
    byStream.values().forEach(match -> match.ads().sort(Comparator.comparingLong(JobAd::id)));
    return List.copyOf(byStream.values());
  }

  private static JobAd ad(ResultSet row) throws SQLException {
    return new JobAd(
        row.getLong("id"),
        row.getString("title"),
        row.getString("description"),
        row.getBigDecimal("budget"),
        row.getString("pay"),
        row.getString("country"));
  }

  /** Writes down what has arrived. */
  void delivered(List<Delivery> deliveries) throws SQLException {
    connection.run(
        sql -> {
          try (PreparedStatement statement = sql.prepareStatement(DELIVERED)) {
            statement.setArray(1, ids(sql, deliveries.stream().map(Delivery::adId).toList()));
            statement.setArray(2, ids(sql, deliveries.stream().map(Delivery::streamId).toList()));
            return statement.executeUpdate();
          }
        });
  }

  /** Pauses all streams of a chat. */
  void pauseChat(long chatId, String reason) throws SQLException {
    connection.run(
        sql -> {
          try (PreparedStatement statement =
              sql.prepareStatement(
                  "update upstats.search_stream set paused = true, paused_reason = ?"
                      + " where chat_id = ? and not paused")) {
            statement.setString(1, reason);
            statement.setLong(2, chatId);
            return statement.executeUpdate();
          }
        });
  }

  /** Gives all streams of a chat to another one. */
  void moveChat(long from, long to) throws SQLException {
    connection.run(
        sql -> {
          try (PreparedStatement statement =
              sql.prepareStatement(
                  "update upstats.search_stream set chat_id = ? where chat_id = ?")) {
            statement.setLong(1, to);
            statement.setLong(2, from);
            return statement.executeUpdate();
          }
        });
  }

  @Override
  public void close() {
    connection.close();
  }

  private static Array ids(Connection sql, Collection<Long> ids) throws SQLException {
    return sql.createArrayOf("bigint", ids.toArray());
  }
}
