package io.pgq4j.sql;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The sessions and queues of one test. */
final class Sessions implements BeforeEachCallback, AfterEachCallback {

  /** Which of a test's {@link Plant}s to plant: a configuration parameter of JUnit. */
  static final String PLANT = "pgq.plant";

  private static final AtomicInteger queues = new AtomicInteger();

  private final TestDatabase database;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private @Nullable Connection observer;

  Sessions(TestDatabase database) {
    this.database = database;
  }

  /** A new session of a superuser. */
  Session open() throws SQLException {
    return session(database.connect());
  }

  /** A new session of a user that {@link TestDatabase#createUser} made. */
  Session openAs(String user) throws SQLException {
    return session(database.connectAs(user));
  }

  private Session session(Connection connection) throws SQLException {
    if (observer == null) {
      observer = database.connect();
      open.add(observer);
    }
    Session session = new Session(connection, observer);
    open.addFirst(session);
    session.run("set statement_timeout = '60s'"); // a test that hangs tells where
    return session;
  }

  /** Creates a queue with these consumers, which can be rotated at any time; its name. */
  String queue(String... consumers) throws SQLException {
    String queue = "queue " + queues.incrementAndGet();
    Session session = open();
    session.run("select pgq.create_queue(?)", queue);
    session.run("select pgq.set_queue_config(?, 'rotation_period', '0')", queue);
    for (String consumer : consumers) {
      session.run("select pgq.register_consumer(?, ?)", queue, consumer);
    }
    return queue;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws SQLException {
    Optional<Integer> number = context.getConfigurationParameter(PLANT, Integer::valueOf);
    if (number.isPresent()) {
      Plant[] plants = context.getRequiredTestMethod().getAnnotationsByType(Plant.class);
      open.add(PlantedBug.in(database, plants[number.get()]));
    }
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    open.clear();
    observer = null;
  }
}
