package io.pgq4j.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.postgresql.ds.PGSimpleDataSource;

/** A server of Debian's PostgreSQL 15, where PgQ itself can be installed. Stops when closed. */
final class RealPgq implements AutoCloseable {
  private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
  private static final Path EXTENSION = Path.of("/usr/share/postgresql/15/extension/pgq.control");

  private static final String THEIRS = "theirs";
  private static final String OURS = "ours";

  private final Path directory;
  private final int port;
  private final Set<String> templates = new HashSet<>();

  private RealPgq(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /** A new server, with the roles and settings of a fresh one. */
  static RealPgq start() throws IOException {
    assumeInstalled();
    Path directory = Files.createTempDirectory("pgq4j-real-pgq");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    RealPgq server = new RealPgq(directory, freePort());
    server.runOnData(
        "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync");
    server.runOnData(
        "pg_ctl",
        "--wait",
        "--log=" + directory.resolve("log"),
        "--options=-p %d -k %s -c fsync=off".formatted(server.port, directory),
        "start");
    return server;
  }

  private static void assumeInstalled() {
    Assumptions.assumeTrue(
        Files.exists(EXTENSION), "needs Debian's postgresql-15-pgq3, which .ci/run installs");
  }

  /** A new database with PgQ. */
  PGSimpleDataSource createTheirs(String name) throws SQLException {
    if (!templates.contains(THEIRS)) {
      execute(create(THEIRS, "template1"), "create extension pgq");
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
      execute(
          database("postgres"),
          """
          create role reader login in role pgq_reader;
          create role writer login in role pgq_writer;
          create role admin login in role pgq_admin;
          create role nobody login""");
    }
  }

  void drop(PGSimpleDataSource database) throws SQLException {
    execute(
        database("postgres"),
        "drop database %s with (force)".formatted(database.getDatabaseName()));
  }

  private PGSimpleDataSource create(String name, String template) throws SQLException {
    execute(database("postgres"), "create database %s template %s".formatted(name, template));
    return database(name);
  }

  private static void execute(PGSimpleDataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  PGSimpleDataSource database(String name) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"127.0.0.1"});
    dataSource.setPortNumbers(new int[] {port});
    dataSource.setDatabaseName(name);
    dataSource.setUser("postgres");
    return dataSource;
  }

  /** Runs one of the client programs as a user of this server. */
  void runClient(String user, String program, String... arguments) throws IOException {
    run(
        Stream.of(
            List.of(BIN.resolve(program).toString(), "--no-password", "--username=" + user),
            List.of("--host=127.0.0.1", "--port=" + port),
            List.of(arguments)));
  }

  /** The server's programs refuse root, so root runs them as somebody else. */
  private void runOnData(String program, String... arguments) throws IOException {
    boolean isRoot = System.getProperty("user.name").equals("root");
    run(
        Stream.of(
            isRoot ? List.of("runuser", "-u", "postgres", "--") : List.of(),
            List.of(BIN.resolve(program).toString(), "--pgdata=" + directory.resolve("data")),
            List.of(arguments)));
  }

  private void run(Stream<List<String>> parts) throws IOException {
    List<String> command = parts.flatMap(List::stream).toList();
    // To a file: the server inherits it, so a pipe would not end before the server does.
    Path output = Files.createTempFile("pgq4j-real-pgq", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (process.onExit().join().exitValue() != 0) {
        throw new IOException(command + " failed: " + Files.readString(output, UTF_8));
      }
    } finally {
      Files.delete(output);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws IOException {
    runOnData("pg_ctl", "--wait", "--mode=immediate", "stop");
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
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
