package io.pgq4j.ticker;

import io.pgq4j.ticker.Operations.Operation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maintenance that may take long: the rotation duty finds out what there is to do, and this does it
 * on a connection of its own. What it is asked for while it waits to be done is done once.
 */
final class OperationsDuty extends MaintenanceDuty {
  private static final Logger LOG = LoggerFactory.getLogger(OperationsDuty.class);

  private final Operations operations;
  private final Set<Operation> waiting = new LinkedHashSet<>();

  OperationsDuty(String what, DataSource source, TickerConfig config, Status status) {
    super(what, source, config, status);
    operations = new Operations(name(), config.maintenancePeriod(), status, new Complaints(LOG));
  }

  /** Does these, too. Called by any thread; returns at once. */
  void take(Collection<Operation> more) {
    synchronized (waiting) {
      waiting.addAll(more);
    }
    if (!more.isEmpty()) {
      want(Duration.ZERO);
    }
  }

  @Override
  @Nullable Duration work(Connection connection) throws SQLException {
    for (Operation operation = next(); operation != null; operation = next()) {
      operations.run(connection, operation, this::isStopping);
    }
    return null;
  }

  private @Nullable Operation next() {
    synchronized (waiting) {
      if (waiting.isEmpty() || isStopping()) {
        return null;
      }
      Operation first = waiting.iterator().next();
      waiting.remove(first);
      return first;
    }
  }
}
