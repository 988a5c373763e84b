package io.pgq4j.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A server of Debian's PostgreSQL 15, which the test starts, breaks and starts again. The user is
 * postgres, and needs no password.
 */
public final class DebianPostgres implements AutoCloseable {
  private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");

  private final Path directory;
  private final int port;

  private DebianPostgres(Path directory) throws IOException {
    this.directory = directory;
    port = freePort();
  }

  /** Skips the test where there is none. */
  public static void assumeInstalled() {
    Assumptions.assumeTrue(
        Files.exists(BIN.resolve("initdb")),
        "needs Debian's postgresql-15, which .ci/run installs");
  }

  /** A new server, with the roles and settings of a fresh one, not started. */
  public static DebianPostgres create() throws IOException {
    DebianPostgres server = new DebianPostgres(newDirectory());
    server.runOnData(
        "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync");
    server.configure("fsync = off", "port = " + server.port);
    return server;
  }

  /** A streaming standby of a server that runs, not started. */
  public static DebianPostgres standbyOf(DebianPostgres primary) throws IOException {
    DebianPostgres server = new DebianPostgres(newDirectory());
    server.runOnData(
        "pg_basebackup",
        "--host=127.0.0.1",
        "--username=postgres",
        "--port=" + primary.port,
        "--checkpoint=fast",
        "--no-sync",
        "--write-recovery-conf");
    server.configure("port = " + server.port);
    return server;
  }

  private static Path newDirectory() throws IOException {
    Path directory = Files.createTempDirectory("pgq4j-postgres");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    return directory;
  }

  /** Adds lines to postgresql.conf. */
  public void configure(String... lines) throws IOException {
    append("postgresql.conf", List.of(lines));
  }

  /** Puts a line on top of pg_hba.conf. */
  public void admit(String line) throws IOException {
    Path file = data().resolve("pg_hba.conf");
    List<String> lines = new ArrayList<>(List.of(line));
    lines.addAll(Files.readAllLines(file));
    Files.write(file, lines);
  }

  private void append(String file, List<String> lines) throws IOException {
    Files.write(data().resolve(file), lines, StandardOpenOption.APPEND);
  }

  /**
   * Starts it, and waits until it takes connections.
   *
   * @param environment such as NAME=value
   */
  public void start(String... environment) throws IOException {
    List<String> command = new ArrayList<>();
    if (environment.length > 0) {
      command.add("env");
      command.addAll(List.of(environment));
    }
    command.addAll(
        onData(
            "pg_ctl",
            "--wait",
            "--log=" + directory.resolve("log"),
            "--options=-k " + directory,
            "start"));
    run(asPostgres(command));
  }

  /** Stops it: it ends its sessions and writes down what it has. */
  public void stop() throws IOException {
    runOnData("pg_ctl", "--wait", "--mode=fast", "stop");
  }

  /** Kills all its processes at once, as the loss of power would. */
  public void kill() throws IOException {
    String pid = Files.readAllLines(data().resolve("postmaster.pid")).get(0).strip();
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    List<ProcessHandle> all =
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }

  /** Makes a standby a primary. */
  public void promote() throws IOException {
    runOnData("pg_ctl", "--wait", "promote");
  }

  /** Where it listens, on 127.0.0.1. */
  public int port() {
    return port;
  }

  private Path data() {
    return directory.resolve("data");
  }

  /** Runs statements in the database postgres. */
  public void execute(String sql) throws SQLException {
    execute(database("postgres"), sql);
  }

  /** Runs statements. */
  public static void execute(PGSimpleDataSource database, String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Connections to one of its databases. */
  public PGSimpleDataSource database(String name) {
    PGSimpleDataSource dataSource = new PGSimpleDataSource();
    dataSource.setServerNames(new String[] {"127.0.0.1"});
    dataSource.setPortNumbers(new int[] {port});
    dataSource.setDatabaseName(name);
    dataSource.setUser("postgres");
    return dataSource;
  }

  /** Runs one of the client programs as a user of this server. */
  public void runClient(String user, String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(BIN.resolve(program).toString());
    command.addAll(List.of("--no-password", "--username=" + user));
    command.addAll(List.of("--host=127.0.0.1", "--port=" + port));
    command.addAll(List.of(arguments));
    run(command);
  }

  private void runOnData(String program, String... arguments) throws IOException {
    run(asPostgres(onData(program, arguments)));
  }

  private List<String> onData(String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(BIN.resolve(program).toString());
    command.add("--pgdata=" + data());
    command.addAll(List.of(arguments));
    return command;
  }

  /** The server's programs refuse root, so root runs them as somebody else. */
  public static List<String> asPostgres(List<String> command) {
    List<String> whole = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      whole.addAll(List.of("runuser", "-u", "postgres", "--"));
    }
    whole.addAll(command);
    return whole;
  }

  private void run(List<String> command) throws IOException {
    // To a file: the server inherits it, so a pipe would not end before the server does.
    Path output = Files.createTempFile("pgq4j-postgres", ".out");
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

  /** A port that nobody has now. */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Stops it, if it runs, and removes its files. */
  @Override
  public void close() {
    try {
      if (Files.exists(data().resolve("postmaster.pid"))) {
        runOnData("pg_ctl", "--wait", "--mode=immediate", "stop");
      }
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a server of the test cannot be removed", e);
    }
  }
}
