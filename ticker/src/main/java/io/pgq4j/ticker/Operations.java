package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what pgq.maint_operations() asks for. An operation that fails does not stop the next. For
 * one thread.
 */
final class Operations {
  private static final Logger LOG = LoggerFactory.getLogger(Operations.class);
  private static final String VACUUM = "vacuum";

  /** How often a function that answers 1 is called in a round. */
  private static final int CALLS = 100;

  /** A function of ours, one that somebody put into queue_extra_maint, or VACUUM of a table. */
  record Operation(String function, @Nullable String argument) {
    boolean isVacuum() {
      return function.equals(VACUUM) && argument != null;
    }

    boolean isOurs() {
      return function.startsWith("pgq.maint_");
    }

    @Override
    public String toString() {
      return argument == null ? function : function + " of " + argument;
    }
  }

  private final String duty;
  private final Duration period;
  private final Status status;
  private final Complaints complaints;

  Operations(String duty, Duration period, Status status, Complaints complaints) {
    this.duty = duty;
    this.period = period;
    this.status = status;
    this.complaints = complaints;
  }

  static List<Operation> due(Connection connection) throws SQLException {
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

  void run(Connection connection, Operation operation, BooleanSupplier stop) throws SQLException {
    try {
      if (operation.isVacuum()) {
        vacuum(connection, operation);
      } else {
        call(connection, operation, stop);
      }
      status.maintained();
      LOG.debug("{}: {}", duty, operation);
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      complaints.warn(
          operation.toString(),
          "{}: {} failed, next try in {} s: {}{}",
          duty,
          operation,
          period.toSeconds(),
          Complaints.describe(e));
    }
  }

  /** Without giving pages back at the end: that would lock the table against everybody. */
  private static void vacuum(Connection connection, Operation operation) throws SQLException {
    String table = identifier(connection, String.valueOf(operation.argument()));
    try (Statement statement = connection.createStatement()) {
      statement.execute("vacuum (analyze, truncate off) " + table);
    }
  }

  private void call(Connection connection, Operation operation, BooleanSupplier stop)
      throws SQLException {
    @Nullable String argument = operation.argument();
    String function = identifier(connection, operation.function());
    String call = "select " + function + (argument == null ? "()" : "(?)");
    try (PreparedStatement statement = connection.prepareStatement(call)) {
      if (argument != null) {
        statement.setString(1, argument);
      }
      boolean again = true;
      for (int i = 0; again && i < CALLS && !stop.getAsBoolean(); i++) {
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
