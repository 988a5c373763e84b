package io.pgq4j;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What {@code get_dead_letters} tells, as records. */
final class DeadLetterQueries {
  private static final String PAGE =
      "select ev_id, ev_time, first_time, last_time, attempts, reason,"
          + " ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4"
          + " from pgq.get_dead_letters(?, ?, ?, ?)";

  private DeadLetterQueries() {}

  static List<DeadLetter> page(
      Connection connection, String queue, String consumer, long after, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      statement.setString(1, queue);
      statement.setString(2, consumer);
      statement.setLong(3, after);
      statement.setInt(4, limit);
      try (ResultSet row = statement.executeQuery()) {
        List<DeadLetter> letters = new ArrayList<>();
        while (row.next()) {
          letters.add(letter(row));
        }
        return letters;
      }
    }
  }

  private static DeadLetter letter(ResultSet row) throws SQLException {
    return new DeadLetter(
        row.getLong(1),
        time(row, 2),
        time(row, 3),
        time(row, 4),
        row.getInt(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10),
        row.getString(11),
        row.getString(12));
  }

  private static Instant time(ResultSet row, int column) throws SQLException {
    return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class)).toInstant();
  }
}
