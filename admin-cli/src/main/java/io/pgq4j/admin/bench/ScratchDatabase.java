package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.sql.SchemaInstaller;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A database for one measurement, and what runs in it. Closing stops what runs and drops the
 * database, and so does the end of the JVM: ^C leaves nothing behind. Roles are of the whole
 * server; those that came with the schema go too, unless another database has begun to use them.
 */
final class ScratchDatabase implements AutoCloseable {
  private static final String ROLES =
      "select rolname from pg_roles where rolname in ('pgq_reader', 'pgq_writer', 'pgq_admin',"
          + " 'pgq_capture')";

  /** PgQ's trigger, on table orders, for queue bench. */
  static final String PEER_TRIGGER =
      "create trigger capture after insert or update or delete on orders"
          + " for each row execute function pgq.jsontriga('bench')";

  private static final String INSUFFICIENT_PRIVILEGE = "42501";
  private static final String STILL_IN_USE = "2BP01";

  private final DataSource server;
  private final String name;
  private final PGSimpleDataSource dataSource;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final Thread hook = new Thread(this::dropAtExit, "pgq4j-bench-drop");
  private List<String> rolesBefore = List.of();
  private boolean exists;

  private ScratchDatabase(DataSource server) {
    this.server = server;
    name = String.format("pgq4j_bench_%08x", ThreadLocalRandom.current().nextInt());
    dataSource = new PGSimpleDataSource();
    try {
      dataSource.initializeFrom((PGSimpleDataSource) server);
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("a DataSource that cannot be copied", e);
    }
    dataSource.setDatabaseName(name);
    dataSource.setApplicationName("pgq-admin bench");
  }

  /** An empty database. */
  static ScratchDatabase empty(DataSource server) throws SQLException {
    ScratchDatabase database = new ScratchDatabase(server);
    Runtime.getRuntime().addShutdownHook(database.hook);
    try {
      database.create();
      return database;
    } catch (SQLException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** A database with the schema pgq. */
  static ScratchDatabase withSchema(DataSource server) throws SQLException {
    ScratchDatabase database = empty(server);
    try {
      SchemaInstaller.of(database.dataSource).install();
      return database;
    } catch (SQLException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** A database with the extension PgQ. */
  static ScratchDatabase withPeer(DataSource server) throws SQLException {
    ScratchDatabase database = empty(server);
    try {
      Connection connection = database.connect();
      if (Sql.number(connection, "select count(*) from pg_available_extensions where name = 'pgq'")
          == 0) {
        throw new CommandFailure(
            ExitCode.CHECK_FAILED,
            "The extension pgq is not installed on this server: install PgQ's package there, or"
                + " leave --peer out.");
      }
      Sql.execute(connection, "create extension pgq");
      return database;
    } catch (SQLException | RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Synchronized with {@link #close}: an exit during CREATE DATABASE waits for its end. */
  private synchronized void create() throws SQLException {
    try (Connection connection = server.getConnection();
        Statement statement = connection.createStatement()) {
      rolesBefore = roles(statement);
      // template0, because nobody is connected to it, which CREATE DATABASE does not suffer.
      statement.execute("create database " + name + " template template0");
      exists = true;
    } catch (SQLException e) {
      if (!INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
        throw e;
      }
      throw new CommandFailure(
          ExitCode.CHECK_FAILED,
          "A measurement needs a scratch database, and this user may not create one: let an"
              + " administrator run ALTER ROLE … CREATEDB, or name another user in --url.",
          e);
    }
  }

  private static List<String> roles(Statement statement) throws SQLException {
    List<String> roles = new ArrayList<>();
    try (ResultSet row = statement.executeQuery(ROLES)) {
      while (row.next()) {
        roles.add(row.getString(1));
      }
    }
    return roles;
  }

  String name() {
    return name;
  }

  DataSource dataSource() {
    return dataSource;
  }

  /** A connection that is closed before the database is dropped. */
  Connection connect() throws SQLException {
    return stopping(dataSource.getConnection());
  }

  /** Has something stopped before the database is dropped, the latest first. */
  synchronized <T extends AutoCloseable> T stopping(T resource) {
    running.push(resource);
    return resource;
  }

  @Override
  public void close() throws SQLException {
    stopAndDrop();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException exitHasBegun) {
      awaitExit();
    }
  }

  /** What was cut off by ^C has nothing more to say; without this it would complain that it was. */
  private static void awaitExit() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void dropAtExit() {
    try {
      stopAndDrop();
    } catch (SQLException e) {
      System.err.println("pgq-admin: could not drop database " + name + ": " + e.getMessage());
    }
  }

  private synchronized void stopAndDrop() throws SQLException {
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        // It is cut off by the drop then.
      }
    }
    if (!exists) {
      return;
    }
    try (Connection connection = server.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("drop database if exists " + name + " with (force)");
      exists = false;
      dropNewRoles(statement);
    }
  }

  private void dropNewRoles(Statement statement) throws SQLException {
    for (String role : roles(statement)) {
      if (!rolesBefore.contains(role)) {
        try {
          statement.execute("drop role if exists " + role);
        } catch (SQLException e) {
          if (!STILL_IN_USE.equals(e.getSQLState())
              && !INSUFFICIENT_PRIVILEGE.equals(e.getSQLState())) {
            throw e;
          }
        }
      }
    }
  }
}
