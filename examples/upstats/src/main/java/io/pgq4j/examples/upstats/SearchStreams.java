package io.pgq4j.examples.upstats;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** The search streams of the demo's users. */
final class SearchStreams {
  private SearchStreams() {}

  /**
   * How many there are.
   *
   * @param live neither paused nor deleted
   * @param blocked paused because Telegram cannot reach their chat
   */
  record Count(long all, long live, long blocked) {}

  /**
   * Loads search_streams.csv unless there are streams already.
   *
   * @param chat gets the messages of all streams; null: each stream has a chat of its own
   */
  static Count load(DataSource dataSource, @Nullable Long chat) throws SQLException, IOException {
    try (Connection connection = dataSource.getConnection()) {
      if (count(connection).all() == 0) {
        try (InputStream csv = Resources.open("search_streams.csv")) {
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn(
                  "copy upstats.search_stream (name, keywords, chat_id, paused, deleted)"
                      + " from stdin with (format csv, header, force_not_null (keywords))",
                  csv);
        }
      }
      if (chat != null) {
        try (PreparedStatement statement =
            connection.prepareStatement("update upstats.search_stream set chat_id = ?")) {
          statement.setLong(1, chat);
          statement.executeUpdate();
        }
      }
      return count(connection);
    }
  }

  static Count count(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return count(connection);
    }
  }

  private static Count count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*), count(*) filter (where not paused and not deleted),"
                    + " count(*) filter (where paused_reason is not null)"
                    + " from upstats.search_stream")) {
      row.next();
      return new Count(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }
}
