package io.pgq4j.examples.upstats;

import io.pgq4j.consumers.telegram.Subscriptions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** The search streams, as their chats manage them. */
final class StreamSubscriptions implements Subscriptions {
  private final DataSource dataSource;

  StreamSubscriptions(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  @Override
  public long lastUpdate() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select last_update from upstats.bot")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public List<Subscription> list(long chatId) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select id, keywords, paused from upstats.search_stream"
                    + " where chat_id = ? and not deleted order by id")) {
      statement.setLong(1, chatId);
      try (ResultSet rows = statement.executeQuery()) {
        List<Subscription> found = new ArrayList<>();
        while (rows.next()) {
          found.add(new Subscription(rows.getLong(1), rows.getString(2), rows.getBoolean(3)));
        }
        return found;
      }
    }
  }

  @Override
  public long add(long update, long chatId, String text) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      boolean first = remember(connection, update);
      long id = first ? insert(connection, chatId, text) : newest(connection, chatId, text);
      connection.commit();
      return id;
    }
  }

  private static long insert(Connection connection, long chatId, String text) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into upstats.search_stream (name, keywords, chat_id) values (?, ?, ?)"
                + " returning id, query is not null")) {
      statement.setString(1, text);
      statement.setString(2, text);
      statement.setLong(3, chatId);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (!row.getBoolean(2)) {
          throw new IllegalArgumentException("Every text has these words: name some others.");
        }
        return row.getLong(1);
      }
    }
  }

  private static long newest(Connection connection, long chatId, String text) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select max(id) from upstats.search_stream where chat_id = ? and keywords = ?")) {
      statement.setLong(1, chatId);
      statement.setString(2, text);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  @Override
  public void setPaused(long update, long chatId, OptionalLong id, boolean paused)
      throws SQLException {
    change(
        update,
        "update upstats.search_stream set paused = " + paused + ", paused_reason = null",
        chatId,
        id);
  }

  @Override
  public void remove(long update, long chatId, long id) throws SQLException {
    change(update, "update upstats.search_stream set deleted = true", chatId, OptionalLong.of(id));
  }

  private void change(long update, String sql, long chatId, OptionalLong id) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      if (remember(connection, update)) {
        try (PreparedStatement statement =
            connection.prepareStatement(
                sql + " where chat_id = ? and not deleted and id = coalesce(?, id)")) {
          statement.setLong(1, chatId);
          statement.setObject(2, id.isPresent() ? id.getAsLong() : null, Types.BIGINT);
          statement.executeUpdate();
        }
      }
      connection.commit();
    }
  }

  /** Returns false if it was remembered before. */
  private static boolean remember(Connection connection, long update) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update upstats.bot set last_update = ? where last_update < ?")) {
      statement.setLong(1, update);
      statement.setLong(2, update);
      return statement.executeUpdate() == 1;
    }
  }
}
