package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodic maintenance: what pgq.maint_operations() asks for, rotation above all, and the tables of
 * dropped queues. An operation that fails does not stop the next.
 */
final class RotationDuty extends MaintenanceDuty {
  private static final Logger LOG = LoggerFactory.getLogger(RotationDuty.class);

  private static final Pattern FUNCTION = Pattern.compile("pgq\\.(maint_[a-z0-9_]+)");

  /** Has a duty of its own. */
  private static final String RETRY = "maint_retry_events";

  private record Operation(String function, @Nullable String argument) {
    @Override
    public String toString() {
      return argument == null ? function : function + " of " + argument;
    }
  }

  private final Duration period;
  private final Status status;
  private final Complaints complaints = new Complaints(LOG);
  private final DroppedTables droppedTables = new DroppedTables(complaints);

  RotationDuty(DataSource source, TickerConfig config, Status status) {
    super("rotation", source, config, status);
    this.status = status;
    period = config.maintenancePeriod();
  }

  @Override
  Duration work(Connection connection) throws SQLException {
    for (Operation operation : operations(connection)) {
      if (isStopping()) {
        break;
      }
      run(connection, operation);
    }
    droppedTables.remove(connection, this::isStopping);
    return period;
  }

  private static List<Operation> operations(Connection connection) throws SQLException {
    List<Operation> operations = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("select func_name, func_arg from pgq.maint_operations()")) {
      while (rows.next()) {
        operations.add(new Operation(rows.getString(1), rows.getString(2)));
      }
    }
    return operations;
  }

  private void run(Connection connection, Operation operation) throws SQLException {
    Matcher function = FUNCTION.matcher(operation.function());
    if (!function.matches()) {
      complaints.warn(
          operation.function(),
          "{}: pgq.maint_operations asks for {}, which this ticker does not know; left out{}",
          name(),
          operation.function());
      return;
    }
    if (RETRY.equals(function.group(1))) {
      return;
    }
    @Nullable String argument = operation.argument();
    // The pattern leaves nothing in the name that would need quoting.
    String call = "select pgq." + function.group(1) + (argument == null ? "()" : "(?)");
    try (PreparedStatement statement = connection.prepareStatement(call)) {
      if (argument != null) {
        statement.setString(1, argument);
      }
      statement.execute();
      Session.warnings(statement, complaints);
      status.maintained();
      LOG.debug("{}: {}", name(), operation);
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      complaints.warn(
          operation.toString(),
          "{}: {} failed, next try in {} s: {}{}",
          name(),
          operation,
          period.toSeconds(),
          Complaints.describe(e));
    }
  }
}
