package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queue in one database, work in another. */
@Timeout(60)
class RemoteTransactionalConsumerIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension static final TestDatabase target = TestDatabase.create();

  private static final ConsumerConfig QUICK =
      ConsumerConfig.builder()
          .backoff(Duration.ofMillis(10), Duration.ofMillis(10))
          .retryPolicy(
              RetryPolicy.builder().backoff(Duration.ofHours(1), Duration.ofHours(1)).build())
          .build();

  private Fixture fixture;

  @BeforeEach
  void createQueue(TestInfo test) throws SQLException {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
    onTarget("create table if not exists done (data text); truncate done");
  }

  private static void onTarget(String sql) throws SQLException {
    try (Connection connection = target.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String counted() throws SQLException {
    try (Connection connection = target.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) || ' rows, ' || count(distinct data) || ' events' from done")) {
      row.next();
      return row.getString(1);
    }
  }

  /** Writes each event down over there; one that is "bad" fails after that. */
  private class Writer extends RemoteTransactionalConsumer {
    Writer() {
      super(fixture.queue, Fixture.CONSUMER, target.dataSource());
    }

    @Override
    protected void process(Event event, Connection connection) throws SQLException {
      try (PreparedStatement statement =
          connection.prepareStatement("insert into done values (?)")) {
        statement.setString(1, event.data());
        statement.execute();
      }
      if ("bad".equals(event.data())) {
        throw new IllegalStateException("bad");
      }
    }
  }

  private void run(Consumer consumer) throws InterruptedException {
    try (ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, QUICK).build()) {
      runner.start();
      while (!Long.valueOf(fixture.lastTick()).equals(fixture.consumer().lastTick())
          || fixture.consumer().currentBatch() != null) {
        Thread.onSpinWait();
      }
      Fixture.stop(runner);
    }
  }

  @Test
  void whatAFailedEventDidIsUndoneAndTheRestIsKept() throws Exception {
    fixture.publish("a", "bad", "c");

    run(new Writer());

    assertThat(counted()).isEqualTo("2 rows, 2 events");
    assertThat(fixture.retries()).containsExactly("1");
    fixture.assertAllFinished();
  }

  @Test
  void aBatchThatComesAgainIsNotDoneTwiceAndItsFailuresAreNotForgotten() throws Exception {
    String[] data = Fixture.numbers(0, 1_200);
    data[3] = "bad";
    fixture.publish(data);
    Consumer writer =
        new Writer() {
          private boolean cut;

          @Override
          protected void process(Event event, Connection connection) throws SQLException {
            super.process(event, connection);
            if ("1100".equals(event.data()) && !cut) {
              cut = true;
              try (Statement statement = connection.createStatement()) {
                statement.execute("select pg_terminate_backend(pg_backend_pid())");
              }
            }
          }
        };

    run(writer);

    assertThat(counted()).isEqualTo("1199 rows, 1199 events");
    assertThat(fixture.retries()).containsExactly("1");
    fixture.assertAllFinished();
  }

  @Test
  void oneConnectionServesAllBatchesUntilItIsLost() throws Exception {
    BlockingQueue<String> done = new LinkedBlockingQueue<>();
    Consumer consumer =
        new RemoteTransactionalConsumer(fixture.queue, Fixture.CONSUMER, target.dataSource()) {
          @Override
          protected void process(Event event, Connection connection) throws SQLException {
            try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_backend_pid()")) {
              row.next();
              done.add(row.getString(1));
            }
          }
        };
    try (ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, QUICK).build()) {
      runner.start();
      fixture.publish("a");
      String first = Fixture.take(done, 1).get(0);
      fixture.publish("b");
      assertThat(Fixture.take(done, 1)).containsExactly(first);
      while (!Long.valueOf(fixture.lastTick()).equals(fixture.consumer().lastTick())) {
        Thread.onSpinWait();
      }
      onTarget("select pg_terminate_backend(" + first + ")");
      fixture.publish("c");
      assertThat(Fixture.take(done, 1)).doesNotContain(first);
      Fixture.stop(runner);
    }
    while (!"0".equals(sessions())) {
      Thread.onSpinWait();
    }
    fixture.assertAllFinished();
  }

  /** How many there are over there, besides the one that asks. */
  private static String sessions() throws SQLException {
    try (Connection connection = target.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(*) from pg_stat_activity where datname = current_database()"
                    + " and backend_type = 'client backend' and pid <> pg_backend_pid()")) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void eventsThatFailTogetherAreDoneOneByOne() throws Exception {
    List<Integer> together = new ArrayList<>();
    fixture.publish("a", "b");
    fixture.publish("c", "bad", "\u00e9");

    run(
        new Writer() {
          @Override
          protected boolean processAll(List<Event> events, Connection connection)
              throws SQLException {
            together.add(events.size());
            for (Event event : events) {
              if ("bad".equals(event.data())) {
                throw new SQLException("bad");
              }
              process(event, connection);
            }
            return true;
          }
        });

    assertThat(together).containsExactly(2, 3);
    assertThat(counted()).isEqualTo("4 rows, 4 events");
    assertThat(fixture.retries()).containsExactly("1");
  }

  @Test
  void theTransactionIsNotTheConsumersToEnd() throws Exception {
    Consumer rude =
        new RemoteTransactionalConsumer(fixture.queue, Fixture.CONSUMER, target.dataSource()) {
          @Override
          protected void process(Event event, Connection connection) throws SQLException {
            connection.commit();
          }
        };
    fixture.publish("a");

    run(rude);

    assertThat(fixture.retries()).containsExactly("1");
  }
}
