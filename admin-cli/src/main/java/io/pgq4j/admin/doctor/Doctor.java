package io.pgq4j.admin.doctor;

import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.sql.SchemaStatus;
import io.pgq4j.ticker.Pooler;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Examines a database. It reads only, waits a second at most for a lock and five for a query, and
 * needs the rights of {@code pgq_admin}; with those of {@code pg_monitor} it also tells what other
 * users' sessions do.
 */
public final class Doctor {
  /** For this transaction only: behind a pooler the session is shared. */
  private static final String SETTINGS =
      "select set_config('statement_timeout', '5s', true), set_config('lock_timeout', '1s', true),"
          + " set_config('jit', 'off', true), set_config('search_path', 'pg_catalog, pg_temp', true)";

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  private Doctor() {}

  /** Examines with the default limits. */
  public static List<Finding> examine(DataSource database) throws SQLException {
    return examine(database, Limits.DEFAULT);
  }

  /**
   * Examines; takes up to two connections from the data source, which need be no pool.
   *
   * @return what is wrong, errors first; empty: nothing
   * @throws SQLException if the database cannot be reached; a check that fails is a finding
   */
  public static List<Finding> examine(DataSource database, Limits limits) throws SQLException {
    SchemaStatus schema = SchemaInstaller.of(database).check();
    if (schema.state() != SchemaStatus.State.CURRENT) {
      return List.of(schemaFinding(schema));
    }
    List<Finding> findings = new ArrayList<>();
    try (Connection connection = database.getConnection()) {
      if (Pooler.poolsTransactions(database, connection)) {
        findings.add(poolerFinding());
      }
      connection.setAutoCommit(false);
      connection.setReadOnly(true);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      try (Statement statement = connection.createStatement()) {
        statement.execute(SETTINGS);
        for (Check check : Check.values()) {
          findings.addAll(examine(statement, check, limits));
        }
      }
      connection.rollback();
    }
    findings.sort((a, b) -> a.severity().compareTo(b.severity()));
    return List.copyOf(findings);
  }

  private static List<Finding> examine(Statement statement, Check check, Limits limits)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    Savepoint before = statement.getConnection().setSavepoint();
    try (ResultSet rows = statement.executeQuery(limits.fillIn(check.sql()))) {
      while (rows.next()) {
        findings.add(check.finding(FoundRow.of(rows)));
      }
    } catch (SQLException e) {
      statement.getConnection().rollback(before);
      findings.add(failure(check, statement.getConnection(), e));
    }
    return findings;
  }

  private static Finding schemaFinding(SchemaStatus schema) {
    boolean mendable =
        schema.state() == SchemaStatus.State.MISSING || schema.state() == SchemaStatus.State.OLDER;
    return new Finding(
        Severity.ERROR,
        "schema",
        "pgq",
        schema.explanation(),
        "Programs of this version work with no other schema, so nothing else was examined.",
        mendable ? "pgq-admin install" : "pgq-admin version");
  }

  private static Finding poolerFinding() {
    return new Finding(
        Severity.WARNING,
        "pooler",
        "connection",
        "A transaction-pooling proxy stands between here and the server.",
        "Nobody is notified through it: consumers and tickers that connect like this poll, and events"
            + " come later. Give them a URL of the server itself, as here:",
        "pgq-admin doctor --url postgresql://SERVER:5432/DATABASE");
  }

  private static Finding failure(Check check, Connection connection, SQLException e)
      throws SQLException {
    boolean forbidden = INSUFFICIENT_PRIVILEGE.equals(e.getSQLState());
    String user = connection.getMetaData().getUserName().replace("\"", "\"\"");
    return new Finding(
        Severity.WARNING,
        "not-examined",
        check.id(),
        "Not examined: " + check.id() + ". " + e.getMessage(),
        forbidden
            ? "It takes the rights of the roles pgq_admin and pg_monitor."
            : "Something may be wrong there: a lock that is held for long, for example.",
        forbidden
            ? new FoundRow(Map.of("grant", "grant pgq_admin, pg_monitor to \"" + user + "\""))
                .command("psql -c {grant}")
            : "pgq-admin doctor");
  }
}
