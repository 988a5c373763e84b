package io.pgq4j.ticker.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.testing.DebianPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postgresql.ds.PGSimpleDataSource;

/** A server for a class of fault tests, with a database for each test, and daemons that tick it. */
final class FaultyServer implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {
  private static final String TEMPLATE = "with_schema";

  private final List<String> configuration;
  private @Nullable DebianPostgres postgres;
  private @Nullable PGSimpleDataSource database;
  private int databases;

  private FaultyServer(List<String> configuration) {
    this.configuration = configuration;
  }

  /** One with these lines in postgresql.conf. */
  static FaultyServer with(String... configuration) {
    return new FaultyServer(List.of(configuration));
  }

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    DebianPostgres.assumeInstalled();
    DebianPostgres server = DebianPostgres.create();
    postgres = server;
    server.configure(configuration.toArray(String[]::new));
    server.start();
    server.execute("create database " + TEMPLATE);
    SchemaInstaller.of(server.database(TEMPLATE)).install();
  }

  @Override
  public void beforeEach(ExtensionContext context) throws SQLException {
    String name = "test_" + ++databases;
    postgres().execute("create database %s template %s".formatted(name, TEMPLATE));
    database = postgres().database(name);
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (postgres != null) {
      postgres.close();
    }
  }

  DebianPostgres postgres() {
    return Objects.requireNonNull(postgres);
  }

  /** The test's database, directly. */
  PGSimpleDataSource database() {
    return Objects.requireNonNull(database);
  }

  /** The test's database as a user sees it who connects to that port. */
  String url(int port, String user) {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s"
        .formatted(port, database().getDatabaseName(), user);
  }

  /** A ticker that connects to that port, as a superuser. */
  DaemonProcess ticker(int port, String... settings) throws IOException {
    return ticker(url(port, "postgres"), settings);
  }

  /**
   * A ticker of a database.
   *
   * @param settings as in the configuration
   */
  static DaemonProcess ticker(String url, String... settings) throws IOException {
    Map<String, String> environment = new HashMap<>(Map.of("PGQ_URL", url));
    for (String setting : settings) {
      String[] parts = setting.split("=", 2);
      environment.put("PGQ_" + parts[0].toUpperCase(Locale.ROOT).replace('-', '_'), parts[1]);
    }
    return DaemonProcess.start(environment, "/dev/null");
  }

  /** A cause is told once a minute, and none of the tests takes so long. */
  static void assertSaysLittle(DaemonProcess daemon) {
    assertThat(daemon.said().stream().filter(line -> line.contains("trying again")))
        .extracting(line -> line.replaceAll("\\d+", "#"))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }
}
