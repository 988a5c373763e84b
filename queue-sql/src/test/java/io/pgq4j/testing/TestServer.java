package io.pgq4j.testing;

import io.pgq4j.sql.SchemaInstaller;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The PostgreSQL that test databases are made on, and the template they are cloned from. */
final class TestServer implements AutoCloseable {

  /** Marks what is ours on a server that others use too. */
  private final String prefix = "pgq4j_test_" + UUID.randomUUID().toString().substring(0, 8);

  private final AtomicInteger names = new AtomicInteger();
  private final String url;
  private final Closeable server;
  private @Nullable String template;

  private TestServer(String url, Closeable server) {
    this.url = url;
    this.server = server;
  }

  /** A server that runs with these settings besides the usual ones, if there can be one. */
  static TestServer start(Map<String, String> settings) throws SQLException {
    String given = System.getenv("PGQ_TEST_URL");
    if (given != null) {
      return given(given, settings);
    }
    boolean container = "container".equals(System.getProperty("pgq.test.postgres"));
    return container ? container(settings) : embedded(settings);
  }

  private static TestServer given(String url, Map<String, String> settings) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> wanted : settings.entrySet()) {
        try (ResultSet row = statement.executeQuery("show " + wanted.getKey())) {
          row.next();
          Assumptions.assumeTrue(
              wanted.getValue().equals(row.getString(1)),
              () -> "needs a server with %s, and PGQ_TEST_URL's has not".formatted(wanted));
        }
      }
    }
    return new TestServer(url, () -> {});
  }

  private static TestServer container(Map<String, String> settings) throws SQLException {
    StringBuilder command = new StringBuilder("postgres");
    settings.forEach(
        (name, value) -> command.append(" -c ").append(name).append('=').append(value));
    PostgreSQLContainer container =
        new PostgreSQLContainer("postgres:18").withCommand(command.toString());
    container.start();
    return new TestServer(
        "%s&user=%s&password=%s"
            .formatted(container.getJdbcUrl(), container.getUsername(), container.getPassword()),
        container::close);
  }

  private static TestServer embedded(Map<String, String> settings) throws SQLException {
    EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
    // It runs without fsync, so this costs nothing and commits as in production.
    builder.setServerConfig("synchronous_commit", "on");
    settings.forEach(builder::setServerConfig);
    try {
      EmbeddedPostgres postgres = builder.start();
      return new TestServer(postgres.getJdbcUrl("postgres", "postgres"), postgres);
    } catch (IOException e) {
      throw new UncheckedIOException("the embedded PostgreSQL does not start", e);
    }
  }

  /** A name that nobody else on this server has. */
  String newName() {
    return prefix + "_" + names.incrementAndGet();
  }

  String createEmptyDatabase() throws SQLException {
    return createDatabase("template0");
  }

  String createDatabaseWithSchema() throws SQLException {
    return createDatabase(template());
  }

  private synchronized String template() throws SQLException {
    if (template == null) {
      String name = createEmptyDatabase();
      SchemaInstaller.of(dataSource(name)).install();
      template = name;
    }
    return template;
  }

  /** The zone differs from any JVM's, so that a time that loses its zone is found out. */
  private String createDatabase(String template) throws SQLException {
    String name = newName();
    execute("create database %s template %s".formatted(name, template));
    execute("alter database %s set timezone = 'Asia/Kathmandu'".formatted(name));
    return name;
  }

  void dropDatabase(String name) throws SQLException {
    execute("drop database %s with (force)".formatted(name));
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  String url(String database) {
    return url.replaceFirst("(?<=//[^/?]{0,999}/)[^?]*", database);
  }

  PGSimpleDataSource dataSource(String database) {
    PGSimpleDataSource dataSource = new DatabaseZoneDataSource();
    dataSource.setUrl(url(database));
    return dataSource;
  }

  @Override
  public void close() throws SQLException, IOException {
    if (template != null) {
      dropDatabase(template);
    }
    server.close();
  }

  /** The driver gives each session the JVM's zone; this one gives it the database's back. */
  private static final class DatabaseZoneDataSource extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      Connection connection = super.getConnection(user, password);
      try (Statement statement = connection.createStatement()) {
        statement.execute("set timezone = 'Asia/Kathmandu'");
      }
      return connection;
    }
  }
}
