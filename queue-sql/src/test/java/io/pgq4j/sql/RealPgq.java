package io.pgq4j.sql;

import io.pgq4j.testing.DebianPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.postgresql.ds.PGSimpleDataSource;

/** A server of Debian's PostgreSQL 15, where PgQ itself can be installed. Stops when closed. */
final class RealPgq implements AutoCloseable {
  private static final Path EXTENSION = Path.of("/usr/share/postgresql/15/extension/pgq.control");

  private static final String THEIRS = "theirs";
  private static final String OURS = "ours";

  private final DebianPostgres server;
  private final Set<String> templates = new HashSet<>();

  private RealPgq(DebianPostgres server) {
    this.server = server;
  }

  /** A new server, with the roles and settings of a fresh one. */
  static RealPgq start() throws IOException {
    assumeInstalled();
    DebianPostgres server = DebianPostgres.create();
    server.start();
    return new RealPgq(server);
  }

  private static void assumeInstalled() {
    Assumptions.assumeTrue(
        Files.exists(EXTENSION), "needs Debian's postgresql-15-pgq3, which .ci/run installs");
  }

  /** A new database with PgQ. */
  PGSimpleDataSource createTheirs(String name) throws SQLException {
    if (!templates.contains(THEIRS)) {
      DebianPostgres.execute(create(THEIRS, "template1"), "create extension pgq");
      createUsers();
      templates.add(THEIRS);
    }
    return create("theirs_" + name, THEIRS);
  }

  /** A new database with pgq4j. */
  PGSimpleDataSource createOurs(String name) throws SQLException {
    if (!templates.contains(OURS)) {
      SchemaInstaller.of(create(OURS, "template1")).install();
      createUsers();
      templates.add(OURS);
    }
    return create("ours_" + name, OURS);
  }

  /** One in each of PgQ's roles, which belong to all databases. */
  private void createUsers() throws SQLException {
    if (templates.isEmpty()) {
      server.execute(
          """
          create role reader login in role pgq_reader;
          create role writer login in role pgq_writer;
          create role admin login in role pgq_admin;
          create role nobody login""");
    }
  }

  void drop(PGSimpleDataSource database) throws SQLException {
    server.execute("drop database %s with (force)".formatted(database.getDatabaseName()));
  }

  private PGSimpleDataSource create(String name, String template) throws SQLException {
    server.execute("create database %s template %s".formatted(name, template));
    return database(name);
  }

  PGSimpleDataSource database(String name) {
    return server.database(name);
  }

  /** Runs one of the client programs as a user of this server. */
  void runClient(String user, String program, String... arguments) throws IOException {
    server.runClient(user, program, arguments);
  }

  @Override
  public void close() {
    server.close();
  }

  /** The server for a test class: one for all of a run. Without PgQ the class is skipped. */
  static final class Extension implements BeforeAllCallback {

    private @Nullable RealPgq server;

    RealPgq server() {
      return Objects.requireNonNull(server);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
      assumeInstalled();
      server =
          context
              .getRoot()
              .getStore(Namespace.GLOBAL)
              .getOrComputeIfAbsent(RealPgq.class, key -> startUnchecked(), RealPgq.class);
    }

    private static RealPgq startUnchecked() {
      try {
        return RealPgq.start();
      } catch (IOException e) {
        throw new UncheckedIOException("the server with PgQ does not start", e);
      }
    }
  }
}
