package io.pgq4j.test;

import io.pgq4j.Consumer;
import io.pgq4j.DeadLetter;
import io.pgq4j.QueueAdmin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What became of a consumer's events, those of all calls of {@link TestQueue#drain} together: an
 * event in neither list is done, or was not for this consumer.
 *
 * @param retries those that failed and come again, by id
 * @param deadLetters those that were given up, by id
 */
public record Outcome(List<Retry> retries, List<DeadLetter> deadLetters) {
  private static final int MOST = 10_000;

  /**
   * An event that waits for its next attempt.
   *
   * @param attempts how often it was tried
   */
  public record Retry(long eventId, @Nullable String type, @Nullable String data, int attempts) {}

  public Outcome {
    retries = List.copyOf(retries);
    deadLetters = List.copyOf(deadLetters);
  }

  static Outcome of(DataSource dataSource, Consumer consumer) throws SQLException {
    QueueAdmin admin = QueueAdmin.of(dataSource);
    return new Outcome(
        retries(dataSource, consumer),
        admin.deadLetters(consumer.queue(), consumer.name(), 0, MOST));
  }

  private static List<Retry> retries(DataSource dataSource, Consumer consumer) throws SQLException {
    List<Retry> retries = new ArrayList<>();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "select e.ev_id, e.ev_type, e.ev_data, e.ev_retry"
                    + " from pgq.retry_queue e"
                    + " join pgq.queue q on q.queue_id = e.ev_queue"
                    + " join pgq.registration r on r.sub_id = e.ev_owner"
                    + " join pgq.consumer c on c.co_id = r.sub_consumer"
                    + " where q.queue_name = ? and c.co_name = ? order by e.ev_id")) {
      statement.setString(1, consumer.queue());
      statement.setString(2, consumer.name());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          retries.add(new Retry(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4)));
        }
      }
    }
    return retries;
  }

  /** No event failed. */
  public Outcome assertAllDone() {
    return assertRetries(0).assertDeadLetters(0);
  }

  /** So many events failed and come again. */
  public Outcome assertRetries(int expected) {
    return check("events that come again", expected, retries);
  }

  /** So many events were given up. */
  public Outcome assertDeadLetters(int expected) {
    return check("dead letters", expected, deadLetters);
  }

  private Outcome check(String what, int expected, List<?> found) {
    if (found.size() != expected) {
      throw new AssertionError(
          "expected %d %s, but there are %d: %s".formatted(expected, what, found.size(), found));
    }
    return this;
  }
}
