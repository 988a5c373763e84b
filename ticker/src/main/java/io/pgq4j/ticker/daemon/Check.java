package io.pgq4j.ticker.daemon;

import io.pgq4j.ticker.daemon.DaemonConfig.Database;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** {@code --check}: whether the ticker could work with its configuration; changes nothing. */
final class Check {
  private static final String QUESTION =
      "select to_regprocedure('pgq.ticker_state(boolean)') is not null, pg_is_in_recovery()";

  private final PrintStream out;
  private final PrintStream err;

  Check(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** Asks all databases; the first thing wrong decides the exit code. */
  ExitCode run(List<Database> databases) {
    ExitCode result = ExitCode.OK;
    for (Database database : databases) {
      ExitCode its = ask(database);
      result = result == ExitCode.OK ? its : result;
    }
    return result;
  }

  private ExitCode ask(Database database) {
    String where = database.description();
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(QUESTION)) {
      row.next();
      if (!row.getBoolean(1)) {
        err.println(where + ": no pgq schema, or an older one; install it: pgq-admin install");
        return ExitCode.SCHEMA;
      }
      if (row.getBoolean(2)) {
        err.println(
            where + ": the server is in recovery; the ticker would wait until it is promoted");
        return ExitCode.CHECK_FAILED;
      }
      out.println(where + ": ok");
      return ExitCode.OK;
    } catch (SQLException e) {
      err.println(where + ": " + e.getMessage());
      return ExitCode.CANNOT_CONNECT;
    }
  }
}
