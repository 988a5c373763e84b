package io.pgq4j;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the database who runs a consumer and how it fares, when that has changed. */
final class StateReport {
  private static final Logger log = LoggerFactory.getLogger(StateReport.class);

  private static final String SET = "select pgq.set_consumer_state(?, ?, ?, ?, ?, ?, ?)";

  private final String queue;
  private final String consumer;
  private final Instant started = Instant.now();
  private @Nullable Connection lastConnection;
  private @Nullable String lastState;
  private @Nullable String lastError;

  /**
   * @param consumer of a member, its full name
   */
  StateReport(String queue, String consumer) {
    this.queue = queue;
    this.consumer = consumer;
  }

  /** Outside of a transaction. A failure is of no importance. */
  void tell(Connection connection, ConsumerState state, @Nullable String error) {
    String word =
        switch (state) {
          case WAITING, WORKING -> "running";
          default -> state.name().toLowerCase(Locale.ROOT);
        };
    if (connection.equals(lastConnection)
        && word.equals(lastState)
        && (error == null || error.equals(lastError))) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(SET)) {
      statement.setString(1, queue);
      statement.setString(2, consumer);
      statement.setString(3, Member.host());
      statement.setLong(4, ProcessHandle.current().pid());
      statement.setObject(5, started.atOffset(ZoneOffset.UTC));
      statement.setString(6, word);
      statement.setString(7, error == null ? null : Texts.storable(error));
      QueueSession.queryLong(statement);
      lastConnection = connection;
      lastState = word;
      lastError = error == null ? lastError : error;
    } catch (SQLException e) {
      log.debug("queue {}, consumer {}: state not told", queue, consumer, e);
    }
  }
}
