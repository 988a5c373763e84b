package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Keeps the logs of ticks and positions short. Only after ticks: an idle log does not grow. */
final class CompactionDuty extends MaintenanceDuty {
  private final Status status;

  CompactionDuty(DataSource source, TickerConfig config, Status status) {
    super("compaction", source, config, status);
    this.status = status;
  }

  @Override
  @Nullable Duration work(Connection connection) throws SQLException {
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
