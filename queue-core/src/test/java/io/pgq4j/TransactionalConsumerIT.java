package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class TransactionalConsumerIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Fixture fixture;

  @BeforeEach
  void createQueueAndTable(TestInfo test) throws SQLException {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
    fixture.execute("drop table if exists done");
    fixture.execute("create table done (data text primary key, level text)");
  }

  /** Writes each event to the table, then does what the test says. */
  private class Writer extends TransactionalConsumer {
    final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final Action action;

    Writer(Action action) {
      super(fixture.queue, Fixture.CONSUMER);
      this.action = action;
    }

    @Override
    protected void process(Event event, Connection connection) throws Exception {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into done values (?, current_setting('transaction_isolation'))")) {
        insert.setString(1, event.data());
        insert.executeUpdate();
      }
      events.add(event);
      action.run(event, connection);
    }
  }

  private interface Action {
    void run(Event event, Connection connection) throws Exception;
  }

  private ConsumerRunner start(Consumer consumer) {
    ConsumerConfig config =
        ConsumerConfig.builder().backoff(Duration.ofMillis(20), Duration.ofMillis(200)).build();
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, config).build();
    runner.start();
    return runner;
  }

  private List<@Nullable String> done() throws SQLException {
    return fixture.query("select data from done order by data");
  }

  @Test
  void workAndFinishAreOneReadCommittedTransaction() throws Exception {
    BlockingQueue<List<@Nullable String>> seen = new LinkedBlockingQueue<>();
    Writer writer = new Writer((event, connection) -> seen.add(done()));
    fixture.publish("a", "b");
    try (ConsumerRunner runner = start(writer)) {
      assertThat(Fixture.take(seen, 2)).containsOnly(List.of());
      Fixture.stop(runner);
    }
    assertThat(done()).containsExactly("a", "b");
    assertThat(fixture.query("select distinct level from done")).containsExactly("read committed");
    fixture.assertAllFinished();
  }

  @Test
  void aConnectionLostJustBeforeTheCommitLeavesNothingAndTheWorkIsDoneOnce() throws Exception {
    AtomicInteger last = new AtomicInteger();
    Writer writer =
        new Writer(
            (event, connection) -> {
              if ("c".equals(event.data()) && last.incrementAndGet() == 1) {
                fixture.query(
                    "select pg_terminate_backend(?)",
                    connection.unwrap(org.postgresql.PGConnection.class).getBackendPID());
              }
            });
    fixture.publish("a", "b", "c");
    try (ConsumerRunner runner = start(writer)) {
      assertThat(Fixture.take(writer.events, 6))
          .extracting(Event::data)
          .containsExactly("a", "b", "c", "a", "b", "c");
      Fixture.stop(runner);
    }
    assertThat(done()).containsExactly("a", "b", "c");
    fixture.assertAllFinished();
  }

  @Test
  void aFailedEventIsUndoneAloneAndRetried() throws Exception {
    Writer writer =
        new Writer(
            (event, connection) -> {
              if ("b".equals(event.data())) {
                connection.createStatement().execute("select 1 / 0");
              }
            });
    fixture.publish("a", "b", "c");
    try (ConsumerRunner runner = start(writer)) {
      Fixture.take(writer.events, 3);
      Fixture.stop(runner);
    }
    assertThat(done()).containsExactly("a", "c");
    assertThat(fixture.query("select ev_data from pgq.retry_queue")).containsExactly("b");
    fixture.assertAllFinished();
  }

  @Test
  void aFailedBatchLeavesNothingBehind() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch second = new CountDownLatch(1);
    TransactionalConsumer consumer =
        new TransactionalConsumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch, Connection connection) throws Exception {
            for (Event event : batch) {
              connection.createStatement().execute("insert into done values ('x')");
              batch.retry(event, Duration.ZERO);
            }
            if (calls.incrementAndGet() == 1) {
              throw new IllegalStateException("after the work");
            }
            second.countDown();
          }
        };
    fixture.publish("a");
    try (ConsumerRunner runner = start(consumer)) {
      second.await();
      Fixture.stop(runner);
    }
    assertThat(done()).containsExactly("x");
    fixture.assertAllFinished();
  }

  @Test
  void aTakenOverBatchIsRolledBack() throws Exception {
    Writer writer =
        new Writer(
            (event, connection) -> {
              if ("a".equals(event.data())) {
                fixture.query("select pgq.finish_batch(?)", fixture.openBatch());
              }
            });
    fixture.publish("a");
    fixture.publish("b");
    try (ConsumerRunner runner = start(writer)) {
      Fixture.take(writer.events, 2);
      Fixture.stop(runner);
    }
    assertThat(done()).containsExactly("b");
    fixture.assertAllFinished();
  }

  @Test
  void userCodeCannotEndTheTransaction() throws Exception {
    Writer writer =
        new Writer(
            (event, connection) -> {
              assertThatIllegalStateException().isThrownBy(connection::commit);
              assertThatIllegalStateException().isThrownBy(connection::rollback);
              assertThatIllegalStateException().isThrownBy(connection::close);
              assertThatIllegalStateException().isThrownBy(() -> connection.setAutoCommit(true));
              connection.rollback(connection.setSavepoint());
            });
    fixture.publish("a");
    try (ConsumerRunner runner = start(writer)) {
      Fixture.take(writer.events, 1);
      Fixture.stop(runner);
    }
    assertThat(done()).containsExactly("a");
  }
}
