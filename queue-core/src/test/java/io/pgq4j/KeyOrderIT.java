package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Order by key, over failures, batches and processes. The key of an event is its first letter. */
@Timeout(60)
class KeyOrderIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final RetryPolicy SOON =
      RetryPolicy.builder().backoff(Duration.ofMillis(20), Duration.ofMillis(20)).build();
  private static final RetryPolicy LATER =
      RetryPolicy.builder().backoff(Duration.ofHours(1), Duration.ofHours(1)).build();

  private Fixture fixture;

  @BeforeEach
  void createQueue(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
  }

  /** Tells what it has done, and fails where the test says. */
  private static class Letters extends Consumer {
    final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
    private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();

    Letters(Fixture fixture) {
      super(fixture.queue, Fixture.CONSUMER);
    }

    Letters failingAt(String data, int times) {
      failures.put(data, new AtomicInteger(times));
      return this;
    }

    @Override
    protected void process(Event event) {
      String data = String.valueOf(event.data());
      AtomicInteger left = failures.get(data);
      if (left != null && left.getAndDecrement() > 0) {
        failed.add(data);
        throw new IllegalStateException("no good: " + data);
      }
      done.add(data);
    }

    @Override
    protected @Nullable String key(Event event) {
      return String.valueOf(event.data()).substring(0, 1);
    }
  }

  private static ConsumerRunner start(Consumer consumer, RetryPolicy policy) {
    return start(consumer, ConsumerConfig.builder().byKey(4).retryPolicy(policy).build());
  }

  private static ConsumerRunner start(Consumer consumer, ConsumerConfig config) {
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, config).build();
    runner.start();
    return runner;
  }

  private List<@Nullable String> held() throws Exception {
    return fixture.query(
        "select ev_data || ' ' || ev_retry from pgq.held_event"
            + " join pgq.registration r on sub_id = he_sub join pgq.queue q on queue_id = sub_queue"
            + " where queue_name = ? order by he_key, he_seq",
        fixture.queue);
  }

  private void makeHeldDue() throws Exception {
    fixture.execute("update pgq.held_event set he_after = now()");
  }

  @Test
  void aFailedEventHoldsBackOnlyItsKeyInThisBatchAndInLaterOnes() throws Exception {
    Letters letters = new Letters(fixture).failingAt("a2", 1);
    try (ConsumerRunner runner = start(letters, LATER)) {
      fixture.publish("a1", "b1", "a2", "a3", "b2");
      assertThat(Fixture.take(letters.done, 3)).containsExactlyInAnyOrder("a1", "b1", "b2");
      fixture.publish("a4", "b3");
      assertThat(Fixture.take(letters.done, 1)).containsExactly("b3");
      Fixture.stop(runner);
    }
    fixture.assertAllFinished();
    assertThat(held()).containsExactly("a2 1", "a3 0", "a4 0");
    assertThat(fixture.retries()).containsExactly("0");
    makeHeldDue();

    Letters again = new Letters(fixture);
    try (ConsumerRunner runner = start(again, LATER)) {
      assertThat(Fixture.take(again.done, 3)).containsExactly("a2", "a3", "a4");
      fixture.publish("a5");
      assertThat(Fixture.take(again.done, 1)).containsExactly("a5");
      Fixture.stop(runner);
    }
    assertThat(held()).isEmpty();
  }

  @Test
  void anEventThatIsAlwaysDueAgainDoesNotHoldUpOtherKeys() throws Exception {
    BlockingQueue<String> tried = new LinkedBlockingQueue<>();
    Letters letters =
        new Letters(fixture) {
          @Override
          protected void process(Event event) {
            if (String.valueOf(event.data()).startsWith("a")) {
              tried.add("a");
              throw new RetryLaterException("not now", Duration.ZERO);
            }
            super.process(event);
          }
        };
    try (ConsumerRunner runner = start(letters, LATER)) {
      fixture.publish("a1");
      Fixture.take(tried, 3);

      fixture.publish("b1");

      assertThat(Fixture.take(letters.done, 1)).containsExactly("b1");
      Fixture.stop(runner);
    }
  }

  @Test
  void whatComesWhileTheKeyIsBeingRetriedWaitsToo() throws Exception {
    Letters letters = new Letters(fixture).failingAt("a1", 4);
    try (ConsumerRunner runner = start(letters, SOON)) {
      fixture.publish("a1", "a2");
      assertThat(Fixture.take(letters.failed, 1)).containsExactly("a1");
      fixture.publish("a3");
      Fixture.take(letters.failed, 3);
      fixture.publish("a4");
      assertThat(Fixture.take(letters.done, 4)).containsExactly("a1", "a2", "a3", "a4");
      Fixture.stop(runner);
    }
    assertThat(held()).isEmpty();
  }

  @Test
  void anEventThatIsGivenUpReleasesItsKey() throws Exception {
    RetryPolicy twice =
        RetryPolicy.builder()
            .maxAttempts(2)
            .backoff(Duration.ofMillis(20), Duration.ofMillis(20))
            .build();
    Letters letters = new Letters(fixture).failingAt("a1", 100).failingAt("a3", 100);
    try (ConsumerRunner runner = start(letters, twice)) {
      fixture.publish("a1", "a2", "a3", "a4");
      assertThat(Fixture.take(letters.done, 2)).containsExactly("a2", "a4");
      Fixture.stop(runner);
    }
    assertThat(letters.failed).containsExactly("a1", "a1", "a3", "a3");
    assertThat(fixture.admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10))
        .allSatisfy(
            letter -> {
              assertThat(letter.attempts()).isEqualTo(2);
              assertThat(letter.reason())
                  .startsWith("java.lang.IllegalStateException: no good: " + letter.data())
                  .contains("\tat io.pgq4j.KeyOrderIT");
            })
        .extracting(DeadLetter::data)
        .containsExactly("a1", "a3");
  }

  @Test
  void withoutAPolicyTheSettingsOfTheQueueDecideForHeldEventsToo() throws Exception {
    fixture.admin.configure(
        fixture.queue,
        Map.of("max_retries", "1", "retry_delay", "10 ms", "retry_delay_max", "10 ms"));
    Letters letters = new Letters(fixture).failingAt("a1", 100);
    try (ConsumerRunner runner = start(letters, ConsumerConfig.builder().byKey(2).build())) {
      fixture.publish("a1", "a2");
      assertThat(Fixture.take(letters.done, 1)).containsExactly("a2");
      Fixture.stop(runner);
    }
    assertThat(letters.failed).containsExactly("a1", "a1");
    assertThat(fixture.admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10))
        .extracting(DeadLetter::attempts)
        .containsExactly(2);
  }

  @Test
  void aKeyThatCannotBeToldIsAFailureOfTheEvent() throws Exception {
    Letters letters =
        new Letters(fixture) {
          @Override
          protected @Nullable String key(Event event) {
            event.json();
            return null;
          }
        };
    try (ConsumerRunner runner = start(letters, LATER)) {
      fixture.publish("no json", "{}");
      assertThat(Fixture.take(letters.done, 1)).containsExactly("{}");
      Fixture.stop(runner);
    }
    assertThat(fixture.admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10)).hasSize(1);
  }

  @Test
  void aConsumerThatKeepsNoOrderAnyMoreGetsWhatWasHeldByRetry() throws Exception {
    Letters letters = new Letters(fixture).failingAt("a1", 1);
    try (ConsumerRunner runner = start(letters, LATER)) {
      fixture.publish("a1", "a2", "b1");
      Fixture.take(letters.done, 1);
      Fixture.stop(runner);
    }
    Letters plain = new Letters(fixture);
    try (ConsumerRunner runner = start(plain, ConsumerConfig.ofDefaults())) {
      while (fixture.retries().contains("0")) {
        Thread.onSpinWait();
      }
      fixture.tickRetries();
      assertThat(Fixture.take(plain.done, 2)).containsExactlyInAnyOrder("a1", "a2");
      Fixture.stop(runner);
    }
    assertThat(held()).isEmpty();
  }

  @Test
  void aHangingHandlerDoesNotHoldUpOtherKeys() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Letters letters =
        new Letters(fixture) {
          @Override
          protected void process(Event event) {
            if ("a1".equals(event.data()) && event.retry() == 0) {
              while (never.getCount() > 0) {
                Thread.onSpinWait();
              }
            }
            super.process(event);
          }
        };
    ConsumerConfig config =
        ConsumerConfig.builder()
            .byKey(1)
            .deadline(Duration.ofMillis(200))
            .retryPolicy(SOON)
            .build();
    try (ConsumerRunner runner = start(letters, config)) {
      fixture.publish("a1", "a2", "b1");
      assertThat(Fixture.take(letters.done, 3)).containsExactly("b1", "a1", "a2");
      never.countDown();
      Fixture.stop(runner);
    }
    fixture.assertAllFinished();
  }

  @Test
  void whileTheCircuitIsOpenNothingIsTriedAndNothingGivenUp() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    CountDownLatch repaired = new CountDownLatch(1);
    Letters letters =
        new Letters(fixture) {
          @Override
          protected void process(Event event) {
            attempts.incrementAndGet();
            if (repaired.getCount() > 0) {
              throw new IllegalStateException("nobody there");
            }
            super.process(event);
          }
        };
    ConsumerConfig config =
        ConsumerConfig.builder()
            .byKey(2)
            .retryPolicy(
                RetryPolicy.builder()
                    .maxAttempts(2)
                    .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                    .build())
            .circuitBreaker(3, Duration.ofMillis(50), Duration.ofMillis(50))
            .build();
    fixture.publish("a1", "b1", "c1", "d1", "e1", "f1", "g1");
    try (ConsumerRunner runner = start(letters, config)) {
      while (attempts.get() < 12) {
        Thread.onSpinWait();
      }
      assertThat(runner.health().get(0).state()).isEqualTo(ConsumerState.CIRCUIT_OPEN);
      repaired.countDown();
      assertThat(Fixture.take(letters.done, 7))
          .containsExactlyInAnyOrder("a1", "b1", "c1", "d1", "e1", "f1", "g1");
      Fixture.stop(runner);
    }
    assertThat(fixture.admin.deadLetters(fixture.queue, Fixture.CONSUMER, 0, 10)).isEmpty();
  }

  @Test
  void batchesOfItsOwnCannotBeSplitUp() {
    Consumer own =
        new Consumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch) {}
        };
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                ConsumerRunner.builder(database.dataSource())
                    .add(own, ConsumerConfig.builder().byKey(2).build()))
        .withMessageContaining("override process(Event)");
  }
}
