package io.pgq4j.examples.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.sql.DataSource;

/** Connections that are kept for the next use, as an application's pool does. Thread-safe. */
final class KeptConnections implements AutoCloseable {
  private final DataSource dataSource;
  private final ConcurrentLinkedDeque<Connection> free = new ConcurrentLinkedDeque<>();

  /** What is done with a connection. */
  interface Use<T> {
    T with(Connection connection) throws SQLException;
  }

  KeptConnections(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** A transaction; rolled back if it throws, and the connection is not used again. */
  <T> T transaction(Use<T> use) throws SQLException {
    Connection connection = free.pollFirst();
    if (connection == null) {
      connection = dataSource.getConnection();
      connection.setAutoCommit(false);
    }
    try {
      T result = use.with(connection);
      connection.commit();
      free.addFirst(connection);
      return result;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  @Override
  public void close() throws SQLException {
    for (Connection connection = free.poll(); connection != null; connection = free.poll()) {
      connection.close();
    }
  }
}
