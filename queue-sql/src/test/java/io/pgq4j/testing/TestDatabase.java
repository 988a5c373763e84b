package io.pgq4j.testing;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A database for a test class, or for one test:
 *
 * <pre>{@code
 * @RegisterExtension static final TestDatabase database = TestDatabase.create(); // one for all tests
 * @RegisterExtension final TestDatabase database = TestDatabase.create(); // one for each test
 * }</pre>
 *
 * <p>It is a clone of a template with the schema pgq, made before the tests and dropped after them.
 * All classes of a run share one server; CONTRIBUTING.md says which. It commits as in production
 * but does not wait for the disk, and has no prepared transactions.
 */
public final class TestDatabase
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

  private static final String PASSWORD = "secret";

  private final boolean withSchema;
  private final @Nullable Map<String, String> serverSettings;
  private final List<String> users = new ArrayList<>();
  private boolean forOneTest;
  private @Nullable TestServer server;
  private @Nullable String name;

  private TestDatabase(boolean withSchema, @Nullable Map<String, String> serverSettings) {
    this.withSchema = withSchema;
    this.serverSettings = serverSettings;
  }

  /** A database with the schema pgq. */
  public static TestDatabase create() {
    return new TestDatabase(true, null);
  }

  /** A database without the schema. */
  public static TestDatabase empty() {
    return new TestDatabase(false, null);
  }

  /**
   * The same, on a server of its own that runs with these settings, such as {@code fsync} or {@code
   * max_prepared_transactions}. Where PGQ_TEST_URL names a server, that one is taken if it runs
   * with these settings, and the tests are skipped otherwise.
   */
  public TestDatabase onServerWith(Map<String, String> settings) {
    return new TestDatabase(withSchema, Map.copyOf(settings));
  }

  /** Connections of a superuser; each call of {@code getConnection()} opens one. */
  public DataSource dataSource() {
    return server().dataSource(name());
  }

  /** The database's JDBC URL, with a superuser and the password in it. */
  public String url() {
    return server().url(name());
  }

  /** A new connection of a superuser, for the test to close. */
  public Connection connect() throws SQLException {
    return dataSource().getConnection();
  }

  /**
   * Creates a user that may log in, and removes it together with the database.
   *
   * @param attributes what may follow CREATE ROLE, such as {@code createrole in role pgq_reader}
   * @return the name
   */
  public String createUser(String attributes) throws SQLException {
    String user = server().newName();
    server().execute("create role %s login password '%s' %s".formatted(user, PASSWORD, attributes));
    users.add(user);
    return user;
  }

  /** A new connection of a user that {@link #createUser} made, for the test to close. */
  public Connection connectAs(String user) throws SQLException {
    return dataSourceOf(user).getConnection();
  }

  /** Connections of a user that {@link #createUser} made. */
  public DataSource dataSourceOf(String user) {
    var dataSource = server().dataSource(name());
    dataSource.setUser(user);
    dataSource.setPassword(PASSWORD);
    return dataSource;
  }

  @Override
  public void beforeAll(ExtensionContext context) throws SQLException {
    open(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws SQLException {
    if (name == null) {
      forOneTest = true;
      open(context);
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws SQLException, IOException {
    if (forOneTest) {
      close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) throws SQLException, IOException {
    close();
  }

  private void open(ExtensionContext context) throws SQLException {
    server = serverSettings == null ? sharedServer(context) : TestServer.start(serverSettings);
    name = withSchema ? server.createDatabaseWithSchema() : server.createEmptyDatabase();
  }

  private void close() throws SQLException, IOException {
    if (name == null) {
      return;
    }
    server().dropDatabase(name);
    for (String user : users) {
      server().execute("drop owned by %1$s; drop role %1$s".formatted(user));
    }
    users.clear(); // of a static field's database there may be another in this JVM: PlantedBugsIT
    if (serverSettings != null) {
      server().close();
    }
  }

  /** Started for the first class that asks, closed by JUnit after the last test of the JVM. */
  private static TestServer sharedServer(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .getOrComputeIfAbsent(
            TestServer.class,
            key -> {
              try {
                return TestServer.start(Map.of());
              } catch (SQLException e) {
                throw new IllegalStateException("no database to test on", e);
              }
            },
            TestServer.class);
  }

  private TestServer server() {
    return Objects.requireNonNull(server, "only a field with @RegisterExtension has a database");
  }

  private String name() {
    return Objects.requireNonNull(name);
  }
}
