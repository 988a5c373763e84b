package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Moves due retries back into their queues. It never polls: each look of the tick duty says when
 * the next is due, and pgq.event_retry wakes a sleeping tick duty.
 */
final class RetryDuty extends MaintenanceDuty {
  private final Status status;

  RetryDuty(DataSource source, TickerConfig config, Status status) {
    super("retry", source, config, status);
    this.status = status;
  }

  @Override
  @Nullable Duration work(Connection connection) throws SQLException {
    try (PreparedStatement move = connection.prepareStatement("select pgq.maint_retry_events()")) {
      long moved = 1;
      while (moved > 0 && !isStopping()) {
        try (ResultSet row = move.executeQuery()) {
          row.next();
          moved = row.getLong(1);
        }
        status.retried(moved);
      }
    }
    return null;
  }
}
