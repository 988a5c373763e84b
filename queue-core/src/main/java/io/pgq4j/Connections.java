package io.pgq4j;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Runs a piece of work on a connection, in a transaction of its own or in that of the caller. */
interface Connections {

  /** Something to do on a connection. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  <T> T run(Work<T> work) throws SQLException;

  /** A connection for each piece of work. */
  static Connections of(DataSource dataSource) {
    return new Connections() {
      @Override
      public <T> T run(Work<T> work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
          if (connection.getAutoCommit()) {
            return inTransaction(connection, work);
          }
          connection.setAutoCommit(true);
          try {
            return inTransaction(connection, work);
          } finally {
            connection.setAutoCommit(false);
          }
        }
      }
    };
  }

  /** Always the same connection; in autocommit mode, a transaction for each piece of work. */
  static Connections on(Connection connection) {
    return new Connections() {
      @Override
      public <T> T run(Work<T> work) throws SQLException {
        return connection.getAutoCommit() ? inTransaction(connection, work) : work.run(connection);
      }
    };
  }

  private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    connection.setAutoCommit(false);
    boolean committed = false;
    try (Statement statement = connection.createStatement()) {
      // Whatever the session's defaults are.
      statement.execute("set transaction isolation level read committed, read write");
      T result = work.run(connection);
      connection.commit();
      committed = true;
      return result;
    } finally {
      if (!committed) {
        connection.rollback();
      }
      connection.setAutoCommit(true);
    }
  }
}
