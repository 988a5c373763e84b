package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

@Timeout(60)
class ReconnectIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Fixture fixture;

  @BeforeEach
  void createQueue(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
  }

  private static ConsumerRunner start(DataSource dataSource, Consumer consumer) {
    ConsumerConfig config =
        ConsumerConfig.builder().backoff(Duration.ofMillis(20), Duration.ofMillis(200)).build();
    ConsumerRunner runner = ConsumerRunner.builder(dataSource).add(consumer, config).build();
    runner.start();
    return runner;
  }

  /** Ends the sessions whose last statement is like this; returns once there was one. */
  private void terminate(String statement) throws SQLException {
    while (fixture
        .query(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                + " where datname = current_database() and pid <> pg_backend_pid()"
                + " and query ilike ?",
            statement)
        .isEmpty()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aLostWorkerConnectionIsReplaced() throws Exception {
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(database.dataSource(), collector)) {
      fixture.publish("a");
      Fixture.take(collector.events, 1);
      terminate("commit");
      fixture.publish("b");
      assertThat(Fixture.take(collector.events, 1).get(0).data()).isEqualTo("b");
      Fixture.stop(runner);
    }
    fixture.assertAllFinished();
  }

  @Test
  void aConnectionLostInMidBatchBringsTheSameBatchAgain() throws Exception {
    BlockingQueue<Long> batches = new LinkedBlockingQueue<>();
    AtomicInteger calls = new AtomicInteger();
    Consumer consumer =
        new Consumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch) throws Exception {
            batch.forEach(event -> {});
            if (calls.incrementAndGet() == 1) {
              terminate("commit");
            }
            batches.add(batch.id());
          }
        };
    fixture.publish("a");
    try (ConsumerRunner runner = start(database.dataSource(), consumer)) {
      assertThat(Fixture.take(batches, 2).stream().distinct()).hasSize(1);
      Fixture.stop(runner);
    }
    fixture.assertAllFinished();
  }

  @Test
  void aLostListenerIsReplacedAndNothingIsMissedMeanwhile() throws Exception {
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(database.dataSource(), collector)) {
      fixture.publish("a");
      Fixture.take(collector.events, 1);
      terminate("listen%");
      fixture.publish("b");
      assertThat(Fixture.take(collector.events, 1).get(0).data()).isEqualTo("b");
      terminate("listen%");
      terminate("listen%");
      fixture.publish("c");
      assertThat(Fixture.take(collector.events, 1).get(0).data()).isEqualTo("c");
      Fixture.stop(runner);
    }
  }

  @Test
  void whereListenIsImpossibleItPolls() throws Exception {
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(withoutNotifications(true), collector)) {
      fixture.publish("a");
      Fixture.take(collector.events, 1);
      fixture.publish("b");
      Fixture.take(collector.events, 1);
      Fixture.stop(runner);
    }
  }

  @Test
  void whereNotificationsAreSwallowedItFindsOutAndPolls() throws Exception {
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(withoutNotifications(false), collector)) {
      for (int i = 0; i < 6; i++) {
        fixture.publish("a");
        Fixture.take(collector.events, 1);
      }
      Fixture.stop(runner);
    }
  }

  /** Connections that fail at LISTEN, or swallow what they hear. */
  private static DataSource withoutNotifications(boolean failing) {
    return (DataSource)
        Proxy.newProxyInstance(
            ReconnectIT.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("getConnection")) {
                return method.getName().equals("hashCode") ? 1 : proxy == arguments[0];
              }
              return deaf(database.connect(), failing);
            });
  }

  private static Connection deaf(Connection connection, boolean failing) {
    return (Connection)
        Proxy.newProxyInstance(
            ReconnectIT.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("unwrap")) {
                if (failing) {
                  throw new SQLException("no PGConnection here");
                }
                return deafNotifications();
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static PGConnection deafNotifications() {
    return (PGConnection)
        Proxy.newProxyInstance(
            ReconnectIT.class.getClassLoader(),
            new Class<?>[] {PGConnection.class},
            (proxy, method, arguments) -> {
              new LinkedBlockingQueue<Integer>().poll((int) arguments[0], TimeUnit.MILLISECONDS);
              return new PGNotification[0];
            });
  }
}
