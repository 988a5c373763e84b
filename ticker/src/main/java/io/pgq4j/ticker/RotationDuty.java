package io.pgq4j.ticker;

import io.pgq4j.ticker.Operations.Operation;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodic maintenance: what pgq.maint_operations() asks for, rotation above all, and the tables of
 * dropped queues. What may take long it leaves to duties of their own.
 */
final class RotationDuty extends MaintenanceDuty {
  private static final Logger LOG = LoggerFactory.getLogger(RotationDuty.class);

  /** Has a duty of its own. */
  private static final String RETRY = "pgq.maint_retry_events";

  private final Duration period;
  private final Operations operations;
  private final OperationsDuty users;
  private final OperationsDuty vacuum;
  private final DroppedTables droppedTables;

  /**
   * @param users does what is in queue_extra_maint
   * @param vacuum does VACUUM
   */
  RotationDuty(
      DataSource source,
      TickerConfig config,
      Status status,
      OperationsDuty users,
      OperationsDuty vacuum) {
    super("rotation", source, config, status);
    this.users = users;
    this.vacuum = vacuum;
    period = config.maintenancePeriod();
    Complaints complaints = new Complaints(LOG);
    operations = new Operations(name(), period, status, complaints);
    droppedTables = new DroppedTables(complaints);
  }

  @Override
  Duration work(Connection connection) throws SQLException {
    List<Operation> due = Operations.due(connection);
    users.take(due.stream().filter(one -> !one.isVacuum() && !one.isOurs()).toList());
    vacuum.take(due.stream().filter(Operation::isVacuum).toList());
    for (Operation operation : due) {
      if (operation.isOurs() && !operation.function().equals(RETRY) && !isStopping()) {
        operations.run(connection, operation, this::isStopping);
      }
    }
    droppedTables.remove(connection, this::isStopping);
    return period;
  }
}
