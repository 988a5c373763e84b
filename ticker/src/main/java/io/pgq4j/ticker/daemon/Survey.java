package io.pgq4j.ticker.daemon;

import io.pgq4j.daemon.ExitCode;
import io.pgq4j.ticker.Pooler;
import io.pgq4j.ticker.daemon.DaemonConfig.Database;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** Asks all databases of a configuration the same; changes nothing. */
final class Survey {
  private static final String HAS_SCHEMA =
      "select to_regprocedure('pgq.ticker_state(boolean)') is not null";

  /** Whether a ticker could work. */
  private static final String READY = "select pg_is_in_recovery()";

  /**
   * Who leads, by the lock or by a lease, and how old the last tick is. A lease that was not
   * renewed for a minute is nobody's: few poll so seldom.
   */
  private static final String LEADER =
      """
      select coalesce((
          select format('server process %s%s, since %s', a.pid, ' from ' || host(a.client_addr),
            to_char(a.backend_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
          from pg_catalog.pg_locks l
          join pg_catalog.pg_stat_activity a using (pid)
          where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
            and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
            and (l.classid::bigint << 32) | l.objid::bigint = 8099566924954430322),
          (select 'a pooled ticker' from pgq.lease_age() l (age)
          where l.age between interval '0' and interval '1 minute')),
        (select count(*) from pgq.queue),
        (select extract(epoch from clock_timestamp() - max(t.tick_time))::bigint from pgq.tick t)
      """;

  private interface Answer {
    ExitCode say(Database database, Connection connection, ResultSet row) throws SQLException;
  }

  private final DaemonConfig config;
  private final PrintStream out;
  private final PrintStream err;

  Survey(DaemonConfig config, PrintStream out, PrintStream err) {
    this.config = config;
    this.out = out;
    this.err = err;
  }

  /** {@code --check}. */
  ExitCode ready() {
    return ask(
        READY,
        (database, connection, row) -> {
          String where = database.description();
          if (row.getBoolean(1)) {
            err.println(
                where + ": the server is in recovery; the ticker would wait until it is promoted");
            return ExitCode.CHECK_FAILED;
          }
          if (!database.config().pooled()
              && Pooler.poolsTransactions(database.source(), connection)) {
            err.println(where + ": " + Pooler.CURE);
            return ExitCode.CHECK_FAILED;
          }
          out.println(where + ": ok");
          return ExitCode.OK;
        });
  }

  /** {@code --status}. */
  ExitCode leaders() {
    return ask(
        LEADER,
        (database, connection, row) -> {
          String leader = row.getString(1);
          String age = row.getString(3);
          out.printf(
              "%s: %s; queues: %d; last tick %s%n",
              database.description(),
              leader == null ? "nobody ticks" : "ticked by " + leader,
              row.getLong(2),
              age == null ? "never" : age + " s ago");
          return leader == null ? ExitCode.CHECK_FAILED : ExitCode.OK;
        });
  }

  /** The first thing wrong decides the exit code. */
  private ExitCode ask(String sql, Answer answer) {
    ExitCode result = ExitCode.OK;
    try {
      for (Database database : DatabaseFinder.find(config, Set.of()).values()) {
        ExitCode its = ask(database, sql, answer);
        result = result == ExitCode.OK ? its : result;
      }
      return result;
    } catch (SQLException e) {
      err.println("cannot look for databases: " + e.getMessage());
      return ExitCode.CANNOT_CONNECT;
    }
  }

  private ExitCode ask(Database database, String sql, Answer answer) {
    String where = database.description();
    try (Connection connection = database.source().getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(HAS_SCHEMA)) {
        row.next();
        if (!row.getBoolean(1)) {
          err.println(where + ": no pgq schema, or an older one; install it: pgq-admin install");
          return ExitCode.SCHEMA;
        }
      }
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return answer.say(database, connection, row);
      }
    } catch (SQLException e) {
      err.println(where + ": " + e.getMessage());
      return ExitCode.CANNOT_CONNECT;
    }
  }
}
