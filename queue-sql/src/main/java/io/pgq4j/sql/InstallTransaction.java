package io.pgq4j.sql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * The one transaction of an installation: settings pinned, other installations held off.
 *
 * <p>The pins are local to the transaction. Flyway also sets search_path and role for the session;
 * these are put back by hand when the transaction commits, and by the server when it does not.
 */
final class InstallTransaction {

  /** What is done inside. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  private InstallTransaction() {}

  static <T> T run(DataSource dataSource, Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      boolean committed = false;
      try (Statement statement = connection.createStatement()) {
        // The isolation level can only be chosen by a transaction's first statement.
        statement.execute("set transaction isolation level read committed, read write");
        String putBack = sessionSettings(statement);
        statement.execute(Migrations.read("begin.sql"));
        T result = work.run(connection);
        statement.execute(putBack);
        connection.commit();
        committed = true;
        return result;
      } finally {
        if (!committed) {
          connection.rollback();
        }
        connection.setAutoCommit(autoCommit);
      }
    }
  }

  private static String sessionSettings(Statement statement) throws SQLException {
    String sql =
        """
        select pg_catalog.string_agg(pg_catalog.format(
                 'select pg_catalog.set_config(%L, %L, false)', name, setting), ';')
          from pg_catalog.pg_settings
         where name in ('search_path', 'role')
        """;
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
