package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the logs of ticks and positions short while there are ticks. For the trickle of an idle
 * database the round of the rotation duty is enough, which pgq.maint_operations() asks for it.
 */
final class CompactionDuty extends MaintenanceDuty {
  private static final long TICKS_WORTH_A_LOOK = 20;

  private final Duration period;
  private final Status status;
  private final AtomicLong ticks = new AtomicLong();

  CompactionDuty(DataSource source, TickerConfig config, Status status) {
    super("compaction", source, config, status);
    this.status = status;
    period = config.compactionPeriod();
  }

  void ticked(long queues) {
    if (ticks.addAndGet(queues) >= TICKS_WORTH_A_LOOK) {
      want(period);
    }
  }

  @Override
  @Nullable Duration work(Connection connection) throws SQLException {
    ticks.set(0);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select pgq.maint_compact()")) {
      row.next();
      if (row.getLong(1) > 0) {
        status.compacted();
      }
    }
    return null;
  }
}
