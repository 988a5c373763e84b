package io.pgq4j.test;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerConfig;
import io.pgq4j.ConsumerInfo;
import io.pgq4j.EventWriter;
import io.pgq4j.NewEvent;
import io.pgq4j.QueueAdmin;
import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A queue for tests, empty and without consumers at the start of each:
 *
 * <pre>{@code
 * @RegisterExtension static final TestQueue jobs = TestQueue.create("jobs");
 *
 * @Test
 * void mailsEachJob() throws Exception {
 *   jobs.insert("INSERT", "{\"title\": \"Baker\"}");
 *   jobs.drain(new JobMailer()).assertAllDone();
 *   assertThat(mails).containsExactly("Baker is online");
 * }
 * }</pre>
 *
 * <p>The tests of a class share a database, if the field is static: tables that are created, and
 * watched, once for all are still there. Else each has its own. All share one server: an embedded
 * PostgreSQL, unless the environment variable {@code PGQ_TEST_URL} names one where databases may be
 * created. It takes seconds to start; after that, a test takes some ten milliseconds.
 */
public final class TestQueue
    implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private final TestDatabase database = TestDatabase.create();
  private final String name;
  private long start;

  private TestQueue(String name) {
    this.name = name;
  }

  /** A queue of this name; for a field with {@code @RegisterExtension}. */
  public static TestQueue create(String name) {
    return new TestQueue(name);
  }

  /** The queue's name. */
  public String name() {
    return name;
  }

  /** Connections of a superuser to the queue's database; each call opens one. */
  public DataSource dataSource() {
    return database.dataSource();
  }

  /** The JDBC URL of the queue's database, with a superuser and the password in it. */
  public String url() {
    return database.url();
  }

  /** Creates, configures and looks at queues and consumers. */
  public QueueAdmin admin() {
    return QueueAdmin.of(dataSource());
  }

  /** Ticks, and moves time. */
  public ManualTicker ticker() {
    return new ManualTicker(dataSource(), name);
  }

  /** Runs SQL, in a transaction of its own: to create a table, or to change a watched one. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Inserts and commits an event; returns its id. */
  public long insert(String type, String data) throws SQLException {
    return insert(NewEvent.of(type, data))[0];
  }

  /** Inserts and commits events; returns their ids. */
  public long[] insert(NewEvent... events) throws SQLException {
    try (Connection connection = dataSource().getConnection()) {
      return EventWriter.to(name).insertAll(connection, List.of(events));
    }
  }

  /** {@link #drain(Consumer, ConsumerConfig)} with the default configuration. */
  public Outcome drain(Consumer consumer) throws SQLException, InterruptedException {
    return drain(consumer, ConsumerConfig.ofDefaults());
  }

  /**
   * Ticks, and lets the consumer process all there is, by a runner as in production. At its first
   * call it is registered, so that it gets what came since the test began. Events that failed wait
   * for their time: {@link ManualTicker#forward}, and drain again.
   *
   * @return what became of the events
   * @throws AssertionError if a batch failed, or there was no end within half a minute
   */
  public Outcome drain(Consumer consumer, ConsumerConfig config)
      throws SQLException, InterruptedException {
    if (!consumer.queue().equals(name)) {
      throw new IllegalArgumentException(
          "the consumer is one of queue " + consumer.queue() + ", and this is " + name);
    }
    if (admin().register(name, consumer.name())) {
      admin().seek(name, consumer.name(), start);
    }
    long tick = ticker().tick();
    new Drain(dataSource(), consumer, config).until(tick);
    return Outcome.of(dataSource(), consumer);
  }

  @Override
  public void beforeAll(ExtensionContext context) throws SQLException {
    database.beforeAll(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) throws SQLException {
    database.beforeEach(context);
    admin().createQueue(name);
    for (ConsumerInfo consumer : admin().consumers(name)) {
      admin().unregister(name, consumer.name());
    }
    execute("delete from pgq.retry_queue; delete from pgq.dead_letter");
    start = ticker().tick();
  }

  @Override
  public void afterEach(ExtensionContext context) throws SQLException, IOException {
    database.afterEach(context);
  }

  @Override
  public void afterAll(ExtensionContext context) throws SQLException, IOException {
    database.afterAll(context);
  }
}
