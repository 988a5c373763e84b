package io.pgq4j.examples;

import io.pgq4j.Databases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database of an example: the user's, or one of its own. */
public final class ExampleDatabase implements AutoCloseable {
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

  private final DataSource dataSource;
  private final String url;
  private final List<String> description;
  private final @Nullable EmbeddedPostgres server;
  private final @Nullable Path temporary;

  private ExampleDatabase(
      String url,
      List<String> description,
      @Nullable EmbeddedPostgres server,
      @Nullable Path temporary) {
    dataSource = Databases.dataSource(url);
    this.url = url;
    this.description = description;
    this.server = server;
    this.temporary = temporary;
  }

  /**
   * @param url the user's database; null: start one
   * @param keep where the data of the example's own stays; null: nowhere
   */
  static ExampleDatabase open(@Nullable String url, @Nullable Path keep)
      throws IOException, SQLException {
    if (url != null) {
      return new ExampleDatabase(
          url,
          List.of("yours, " + Databases.describe(url), "(what the example adds stays there)"),
          null,
          null);
    }
    if (keep != null) {
      Path directory = keep.toAbsolutePath().normalize();
      Files.createDirectories(directory);
      refuseRunning(directory);
      return start(directory.resolve("data"), "(kept in " + directory + ")", null);
    }
    Path temporary = Files.createTempDirectory("pgq4j-example-");
    try {
      return start(
          temporary.resolve("data"), "(removed at the end; --keep DIR keeps it)", temporary);
    } catch (IOException | SQLException | RuntimeException e) {
      remove(temporary);
      throw e;
    }
  }

  /** An example that was killed leaves its server behind. */
  private static void refuseRunning(Path directory) throws IOException {
    Path lock = directory.resolve("data").resolve("postmaster.pid");
    if (!Files.exists(lock)) {
      return;
    }
    String pid = Files.readAllLines(lock).get(0).strip();
    boolean running =
        pid.matches("[0-9]{1,18}")
            && ProcessHandle.of(Long.parseLong(pid))
                .flatMap(process -> process.info().commandLine())
                .filter(command -> command.contains("postgres"))
                .isPresent();
    if (running) {
      throw new IllegalStateException(
          "A PostgreSQL runs in "
              + directory
              + " already, left behind by an example that was killed or of one that runs now."
              + " To stop it: kill -INT "
              + pid);
    }
  }

  private static ExampleDatabase start(Path data, String fate, @Nullable Path temporary)
      throws IOException, SQLException {
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(START_TIMEOUT)
            .setLocaleConfig("locale-provider", "builtin")
            .setLocaleConfig("builtin-locale", "C.UTF-8")
            // As in production: the numbers shown include durable commits.
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("shared_preload_libraries", "pg_stat_statements")
            .setErrorRedirector(ProcessBuilder.Redirect.DISCARD)
            .setOutputRedirector(ProcessBuilder.Redirect.DISCARD)
            .start();
    String url = "postgresql://postgres@localhost:" + server.getPort() + "/postgres";
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create extension if not exists pg_stat_statements");
    } catch (SQLException e) {
      server.close();
      throw e;
    }
    return new ExampleDatabase(
        url, List.of("a PostgreSQL of its own, " + url, fate), server, temporary);
  }

  /** Whether pg_stat_statements counts the queries here. */
  public boolean countsQueries() {
    return server != null;
  }

  /** Without a pool: a connection per call. */
  public DataSource dataSource() {
    return dataSource;
  }

  /** For other processes; without a password. */
  public String url() {
    return url;
  }

  /** For the user, on one line or more. */
  public List<String> description() {
    return description;
  }

  /** Stops a server of the example's own and removes what shall not be kept. */
  @Override
  public void close() throws IOException {
    if (server != null) {
      server.close();
    }
    if (temporary != null) {
      remove(temporary);
    }
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      paths.sorted(Comparator.reverseOrder()).forEach(ExampleDatabase::delete);
    }
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + path, e);
    }
  }
}
