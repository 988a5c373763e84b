package io.pgq4j.examples.upstats;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Counts what the database serves meanwhile, all its clients together.
 *
 * <p>Queries, by pg_stat_statements, where that is known to be there: exact. Transactions, by
 * pg_stat_database, elsewhere: sessions report those late, and each notification that reaches a
 * sleeping session counts as one, so the number is an upper bound.
 */
final class IdleWatch implements AutoCloseable {
  private static final String QUERIES =
      "select sum(calls) from pg_stat_statements"
          + " where dbid = (select oid from pg_database where datname = current_database())";
  private static final String TRANSACTIONS =
      "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()";

  private final Connection connection;
  private final boolean exact;
  private final long before;

  /**
   * Begins to count.
   *
   * @param exact whether there is pg_stat_statements
   */
  IdleWatch(DataSource dataSource, boolean exact) throws SQLException {
    this.exact = exact;
    connection = dataSource.getConnection();
    try {
      before = served();
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** What was served since this was made, without its own queries, as "3 queries served". */
  String result() throws SQLException {
    long served = count();
    String one = exact ? "query" : "transaction";
    String many = exact ? "queries" : "transactions";
    return served + " " + (served == 1 ? one : many) + " served";
  }

  /** How many since this was made, without its own. */
  long count() throws SQLException {
    // The query that read the number before counts now.
    return Math.max(0, served() - before - 1);
  }

  private long served() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(exact ? QUERIES : TRANSACTIONS)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
