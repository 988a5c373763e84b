package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /** Has a duty of its own. */
  private static final String RETRY = "pgq.maint_retry_events";

  /** How often a function that answers 1 is called in a round. */
  private static final int CALLS = 100;

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

  /** A function of ours, one that somebody put into queue_extra_maint, or VACUUM of a table. */
  private void run(Connection connection, Operation operation) throws SQLException {
    if (RETRY.equals(operation.function())) {
      return;
    }
    try {
      @Nullable String argument = operation.argument();
      if (operation.function().equals("vacuum") && argument != null) {
        vacuum(connection, argument);
      } else {
        call(connection, operation);
      }
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

  private static void vacuum(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("vacuum " + identifier(connection, table));
    }
  }

  private void call(Connection connection, Operation operation) throws SQLException {
    @Nullable String argument = operation.argument();
    String function = identifier(connection, operation.function());
    String call = "select " + function + (argument == null ? "()" : "(?)");
    try (PreparedStatement statement = connection.prepareStatement(call)) {
      if (argument != null) {
        statement.setString(1, argument);
      }
      boolean again = true;
      for (int i = 0; again && i < CALLS && !isStopping(); i++) {
        try (ResultSet row = statement.executeQuery()) {
          again = row.next() && "1".equals(row.getString(1));
        }
        Session.warnings(statement, complaints);
      }
    }
  }

  /** A name as SQL has it, made harmless: it may have been meant to end the statement. */
  private static String identifier(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select string_agg(quote_ident(p.part), '.' order by p.place)"
                + " from unnest(parse_ident(?)) with ordinality p (part, place)")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
