package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the event tables of dropped queues without stopping anybody.
 *
 * <p>DROP and plain DETACH would lock the parent of all queues' events against every producer.
 * DETACH CONCURRENTLY does not, but waits for every transaction that has used the parent; it runs
 * into the session's lock_timeout then and leaves the partition pending. FINALIZE waits for old
 * snapshots only, and the table that is left can be dropped without touching the parent. None of
 * these may run in a transaction block. Each round takes a table as far as it goes; the next round
 * goes on.
 */
final class DroppedTables {
  private static final Logger LOG = LoggerFactory.getLogger(DroppedTables.class);
  private static final Pattern TABLE = Pattern.compile("(?:pgq\\.)?\"?(event_\\d+)\"?");

  /** The lock was not to be had in time; behind a proxy: the command was cancelled in time. */
  private static final Set<String> IN_USE = Set.of("55P03", "57014");

  private record Table(String name, String state) {}

  private final Complaints complaints;
  private final Set<String> notOurs = new HashSet<>();

  DroppedTables(Complaints complaints) {
    this.complaints = complaints;
  }

  void remove(Connection connection, BooleanSupplier stop) throws SQLException {
    Set<Table> tried = new HashSet<>();
    Optional<Table> next = next(connection, tried);
    while (next.isPresent() && !stop.getAsBoolean()) {
      tried.add(next.get());
      advance(connection, next.get());
      next = next(connection, tried);
    }
  }

  /** A pending one first: PostgreSQL allows only one at a time. */
  private Optional<Table> next(Connection connection, Set<Table> tried) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select table_name, detach_state from pgq.maint_tables_to_drop()"
                    + " order by detach_state <> 'pending', table_name")) {
      while (rows.next()) {
        Matcher name = TABLE.matcher(rows.getString(1));
        if (!name.matches()) {
          complaints.warn(
              rows.getString(1),
              "not the name of an event table, left alone: {}{}",
              rows.getString(1));
          continue;
        }
        Table table = new Table(name.group(1), rows.getString(2));
        if (!tried.contains(table) && !notOurs.contains(table.name())) {
          return Optional.of(table);
        }
      }
    }
    return Optional.empty();
  }

  private void advance(Connection connection, Table table) throws SQLException {
    String name = "pgq." + table.name();
    String command =
        switch (table.state()) {
          case "attached" -> "alter table pgq.event detach partition " + name + " concurrently";
          case "pending" -> "alter table pgq.event detach partition " + name + " finalize";
          default -> "drop table " + name;
        };
    try (Statement statement = connection.createStatement()) {
      statement.execute(command);
      if (table.state().equals("detached")) {
        LOG.info("{}, of a dropped queue, is removed", name);
      }
    } catch (SQLException e) {
      if (connection.isClosed()) {
        throw e;
      }
      failed(table, name, e);
    }
  }

  private void failed(Table table, String name, SQLException e) {
    if ("42501".equals(e.getSQLState())) {
      notOurs.add(table.name());
      LOG.warn(
          "{}, of a dropped queue, stays: only the owner of the schema pgq may drop it. Its rows are"
              + " gone already; let a ticker run as the owner, or drop it by hand",
          name);
    } else if (IN_USE.contains(e.getSQLState())) {
      LOG.debug("{}, of a dropped queue, is in use; trying again in the next round", name);
    } else {
      complaints.warn(
          name,
          "{}, of a dropped queue, cannot be removed yet: {}{}",
          name,
          Complaints.describe(e));
    }
  }
}
