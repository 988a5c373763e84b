package io.pgq4j.test;

import io.pgq4j.QueueAdmin;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The ticker of a {@link TestQueue}: it runs when the test says so, and its clock is the test's.
 */
public final class ManualTicker {
  private final DataSource dataSource;
  private final String queue;

  ManualTicker(DataSource dataSource, String queue) {
    this.dataSource = dataSource;
    this.queue = queue;
  }

  /**
   * Moves back the retries that are due, then ticks: what was committed until now is in a batch.
   *
   * @return the id of the tick
   */
  public long tick() throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement retries =
            connection.prepareStatement("select pgq.maint_retry_events()")) {
      retries.execute();
    }
    return QueueAdmin.of(dataSource).tick(queue).orElseThrow();
  }

  /** Lets time pass for events that wait: those that failed, and those that were delayed. */
  public void forward(Duration time) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement update =
            connection.prepareStatement(
                "update pgq.retry_queue set ev_retry_after = ev_retry_after - make_interval(secs => ?)"
                    + " where ev_queue = (select queue_id from pgq.queue where queue_name = ?)")) {
      update.setDouble(1, time.toMillis() / 1e3);
      update.setString(2, queue);
      update.executeUpdate();
    }
  }
}
