package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
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
class ConsumerRunnerIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final ConsumerConfig QUICK =
      ConsumerConfig.builder().backoff(Duration.ofMillis(20), Duration.ofMillis(200)).build();

  private Fixture fixture;

  @BeforeEach
  void createQueue(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
  }

  private ConsumerRunner start(Consumer consumer) {
    return start(consumer, QUICK);
  }

  private static ConsumerRunner start(Consumer consumer, ConsumerConfig config) {
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, config).build();
    runner.start();
    return runner;
  }

  @Test
  void deliversEachEventOnceAndInOrder() throws Exception {
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(collector)) {
      fixture.publish(Fixture.numbers(0, 500));
      fixture.publish(Fixture.numbers(500, 1_000));

      assertThat(Fixture.data(Fixture.take(collector.events, 1_000)))
          .containsExactly(Fixture.numbers(0, 1_000));
      Fixture.stop(runner);
      assertThat(collector.events).isEmpty();
      fixture.assertAllFinished();
      assertThat(runner.health())
          .singleElement()
          .satisfies(
              health -> {
                assertThat(health.state()).isEqualTo(ConsumerState.STOPPED);
                assertThat(health.lastFinished()).isNotNull();
                assertThat(health.lastError()).isNull();
              });
    }
  }

  @Test
  void givesAllFieldsOfAnEvent() throws Exception {
    Collector collector = new Collector(fixture.queue);
    NewEvent sent = new NewEvent("ty\u00e9", "da", "e1", "e2", "e3", "\ud83d\ude00");
    long id;
    try (var connection = database.connect()) {
      id = EventWriter.to(fixture.queue).insert(connection, sent);
      EventWriter.to(fixture.queue).insert(connection, null, null);
    }
    fixture.tick();
    try (ConsumerRunner runner = start(collector)) {
      List<Event> events = Fixture.take(collector.events, 2);

      Event first = events.get(0);
      assertThat(first.id()).isEqualTo(id);
      assertThat(first.retry()).isZero();
      assertThat(first.txid()).isPositive();
      assertThat(first.time()).isBetween(Instant.now().minusSeconds(60), Instant.now());
      assertThat(
              new NewEvent(
                  first.type(),
                  first.data(),
                  first.extra1(),
                  first.extra2(),
                  first.extra3(),
                  first.extra4()))
          .isEqualTo(sent);
      assertThat(events.get(1).data()).isNull();
      assertThat(events.get(1).type()).isNull();
      Fixture.stop(runner);
    }
  }

  @Test
  void aFailedEventComesAgainAloneUntilItIsDead() throws Exception {
    Collector collector =
        new Collector(
            fixture.queue,
            event -> {
              if ("bad".equals(event.data())) {
                throw new IllegalStateException("no\u0000good", new IOException("root"));
              }
            });
    RetryPolicy twice =
        RetryPolicy.builder()
            .maxAttempts(2)
            .backoff(Duration.ofHours(1), Duration.ofHours(1))
            .jitter(0)
            .build();
    fixture.publish("good", "bad", "fine");
    try (ConsumerRunner runner =
        start(collector, ConsumerConfig.builder().retryPolicy(twice).build())) {
      assertThat(Fixture.data(Fixture.take(collector.events, 3)))
          .containsExactly("good", "bad", "fine");
      Fixture.stop(runner);
    }
    assertThat(
            fixture.query(
                "select round(extract(epoch from ev_retry_after - now()) / 60) from pgq.retry_queue"))
        .containsExactly("60");

    fixture.tickRetries();
    try (ConsumerRunner runner =
        start(collector, ConsumerConfig.builder().retryPolicy(twice).build())) {
      Event again = Fixture.take(collector.events, 1).get(0);
      assertThat(again.data()).isEqualTo("bad");
      assertThat(again.retry()).isEqualTo(1);
      Fixture.stop(runner);
    }
    assertThat(collector.events).isEmpty();
    assertThat(fixture.query("select ev_data || ' ' || dl_attempts from pgq.dead_letter"))
        .contains("bad 2");
    assertThat(fixture.query("select dl_reason from pgq.dead_letter where ev_data = 'bad'"))
        .singleElement()
        .asString()
        .contains("IllegalStateException", "no\ufffdgood", "root");
    fixture.assertAllFinished();
  }

  @Test
  void dataThatCannotBeReadGoesToTheDeadLettersAtOnceAndIsKept() throws Exception {
    Collector collector = new Collector(fixture.queue, Event::json);
    fixture.publish("{\"a\": 1}", "not json", "{\"a\": 2}");
    try (ConsumerRunner runner = start(collector)) {
      Fixture.take(collector.events, 3);
      Fixture.stop(runner);
    }

    assertThat(
            fixture.query(
                "select ev_data from pgq.dead_letter d join pgq.queue q on queue_id = dl_queue"
                    + " where queue_name = ?",
                fixture.queue))
        .containsExactly("not json");
    fixture.assertAllFinished();
  }

  @Test
  void anExceptionOfTheBatchRepeatsAllOfItUnderTheSameId() throws Exception {
    BlockingQueue<Long> ids = new LinkedBlockingQueue<>();
    BlockingQueue<Integer> sizes = new LinkedBlockingQueue<>();
    Consumer consumer =
        new Consumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch) throws Exception {
            int count = 0;
            for (Event event : batch) {
              batch.retry(event, Duration.ZERO);
              count++;
            }
            ids.add(batch.id());
            sizes.add(count);
            if (sizes.size() < 3) {
              throw new IllegalStateException("not yet");
            }
          }
        };
    fixture.publish("a", "b");
    try (ConsumerRunner runner = start(consumer)) {
      assertThat(Fixture.take(ids, 3)).containsOnly(lastBatch());
      Fixture.stop(runner);
    }
    assertThat(sizes).containsExactly(2, 2, 2);
    assertThat(fixture.retries()).containsExactly("2");
    fixture.assertAllFinished();
  }

  private long lastBatch() throws Exception {
    return Long.parseLong(
        String.valueOf(fixture.query("select max(batch_id) from pgq.position").get(0)));
  }

  @Test
  void aBatchReadByHalfIsNotFinishedUnlessTheRestIsSkipped() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch skipped = new CountDownLatch(1);
    Consumer consumer =
        new Consumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch) {
            Iterator<Event> events = batch.iterator();
            assertThat(events.next().data()).isEqualTo("a");
            if (calls.incrementAndGet() == 3) {
              batch.skipRest();
              assertThat(events.hasNext()).isFalse();
              skipped.countDown();
            }
          }
        };
    fixture.publish("a", "b");
    try (ConsumerRunner runner = start(consumer)) {
      skipped.await();
      Fixture.stop(runner);
    }
    assertThat(calls).hasValue(3);
    fixture.assertAllFinished();
  }

  @Test
  void stopFinishesTheBatchInHandAndTakesNoOther() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Collector collector =
        new Collector(
            fixture.queue,
            event -> {
              inside.countDown();
              goOn.await();
            });
    fixture.publish("a", "b");
    fixture.publish("c");
    try (ConsumerRunner runner = start(collector)) {
      inside.await();
      assertThat(runner.stop(Duration.ofMillis(1))).isFalse();
      goOn.countDown();
      Fixture.stop(runner);
    }
    assertThat(Fixture.data(List.copyOf(collector.events))).containsExactly("a", "b");
    assertThat(fixture.consumer().currentBatch()).isNull();
    assertThat(fixture.consumer().lastTick()).isEqualTo(fixture.lastTick() - 1);
  }

  @Test
  void stopBeforeStartAndTwiceIsFine() throws Exception {
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(new Collector(fixture.queue)).build();
    assertThat(runner.health().get(0).state()).isEqualTo(ConsumerState.NEW);
    Fixture.stop(runner);
    Fixture.stop(runner);
    runner.close();

    assertThat(runner.health().get(0).state()).isEqualTo(ConsumerState.STOPPED);
    assertThatIllegalStateException().isThrownBy(runner::start);
  }

  @Test
  void aConsumerAddedTwiceOrNoneIsRefused() {
    ConsumerRunner.Builder builder = ConsumerRunner.builder(database.dataSource());
    assertThatIllegalArgumentException().isThrownBy(builder::build);
    builder.add(new Collector(fixture.queue));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.add(new Collector(fixture.queue)));
  }

  @Test
  void anErrorStopsTheConsumerVisiblyAndTheBatchIsNotFinished() throws Exception {
    Consumer consumer = new Consumer(fixture.queue, Fixture.CONSUMER) {};
    fixture.publish("a");
    ConsumerRunner runner = start(consumer);
    awaitState(runner, ConsumerState.FAILED);
    Fixture.stop(runner);

    assertThat(runner.health().get(0).state()).isEqualTo(ConsumerState.FAILED);
    assertThat(runner.health().get(0).lastError()).contains("must override process(Event)");
    assertThat(fixture.consumer().currentBatch()).isNotNull();
  }

  @Test
  void anAssertionErrorIsTheEventsFailureAndNotTheConsumersEnd() throws Exception {
    Collector collector =
        new Collector(
            fixture.queue,
            event -> {
              if ("b".equals(event.data()) && event.retry() == 0) {
                throw new AssertionError("not b");
              }
            });
    fixture.publish("a", "b", "c");
    try (ConsumerRunner runner = start(collector)) {
      Fixture.take(collector.events, 3);
      Fixture.stop(runner);
    }
    fixture.tickRetries();
    try (ConsumerRunner runner = start(collector)) {
      assertThat(Fixture.take(collector.events, 1).get(0).data()).isEqualTo("b");
      Fixture.stop(runner);
    }

    fixture.assertAllFinished();
  }

  private static void awaitState(ConsumerRunner runner, ConsumerState state) {
    while (runner.health().get(0).state() != state) {
      Thread.onSpinWait();
    }
  }

  @Test
  void anInterruptEndsTheConsumerWithTheBatchUnfinished() throws Exception {
    Collector collector =
        new Collector(
            fixture.queue,
            event -> {
              Thread.currentThread().interrupt();
              new CountDownLatch(1).await();
            });
    fixture.publish("a");
    ConsumerRunner runner = start(collector);
    awaitState(runner, ConsumerState.FAILED);

    assertThat(runner.health().get(0).lastError()).contains("interrupted");
    assertThat(fixture.consumer().currentBatch()).isNotNull();
    assertThat(fixture.retries()).containsExactly("0");
  }

  @Test
  void noTransactionIsOpenWhileUserCodeRuns() throws Exception {
    BlockingQueue<List<@Nullable String>> states = new LinkedBlockingQueue<>();
    Collector collector =
        new Collector(
            fixture.queue,
            event ->
                states.add(
                    fixture.query(
                        "select state from pg_stat_activity where datname = current_database()"
                            + " and pid <> pg_backend_pid() and (state <> 'idle'"
                            + " or xact_start is not null or backend_xmin is not null)")));
    fixture.publish(Fixture.numbers(0, 3));
    try (ConsumerRunner runner = start(collector)) {
      assertThat(Fixture.take(states, 3)).containsOnly(List.of());
      Fixture.stop(runner);
    }
  }

  @Test
  void registersItselfAtStartUnlessToldNotTo() throws Exception {
    fixture.admin.unregister(fixture.queue, Fixture.CONSUMER);
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner =
        start(collector, ConsumerConfig.builder().register(false).build())) {
      awaitState(runner, ConsumerState.BACKING_OFF);
      assertThat(runner.health().get(0).lastError()).contains("register_consumer");
    }
    try (ConsumerRunner runner = start(collector)) {
      awaitState(runner, ConsumerState.WAITING);
      fixture.publish("a");
      assertThat(Fixture.data(Fixture.take(collector.events, 1))).containsExactly("a");
    }
  }

  @Test
  void aQueueThatIsCreatedLaterIsFound() throws Exception {
    Fixture other = fixture;
    other.admin.dropQueue(other.queue, true);
    Collector collector = new Collector(other.queue);
    try (ConsumerRunner runner = start(collector)) {
      awaitState(runner, ConsumerState.BACKING_OFF);
      assertThat(runner.health().get(0).lastError()).contains("NoSuchQueueException");
      other.admin.createQueue(other.queue);
      awaitState(runner, ConsumerState.WAITING);
      other.publish("a");
      assertThat(Fixture.data(Fixture.take(collector.events, 1))).containsExactly("a");
    }
  }

  @Test
  void closeInterruptsNobodyWhoFinishesInTime() throws Exception {
    Collector collector = new Collector(fixture.queue);
    fixture.publish("a");
    ConsumerRunner runner = start(collector);
    Fixture.take(collector.events, 1);
    runner.close();

    assertThat(runner.health().get(0).state()).isEqualTo(ConsumerState.STOPPED);
    fixture.assertAllFinished();
  }
}
