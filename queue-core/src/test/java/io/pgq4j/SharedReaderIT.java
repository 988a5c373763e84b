package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several consumers of one queue in one runner. */
@Timeout(60)
class SharedReaderIT {
  private static final int CONSUMERS = 3;

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private final List<BlockingQueue<Event>> received =
      IntStream.range(0, CONSUMERS)
          .<BlockingQueue<Event>>mapToObj(i -> new LinkedBlockingQueue<>())
          .toList();

  private Fixture fixture;
  private ConsumerRunner runner;

  /** What the first of them does with an event. */
  private volatile Collector.Action first = event -> {};

  @BeforeEach
  void startConsumers(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
    ConsumerRunner.Builder builder = ConsumerRunner.builder(database.dataSource());
    ConsumerConfig config =
        ConsumerConfig.builder().backoff(Duration.ofMillis(20), Duration.ofMillis(200)).build();
    for (int i = 0; i < CONSUMERS; i++) {
      fixture.admin.register(fixture.queue, nameOf(i));
      builder.add(new Member(i), config);
    }
    runner = builder.build();
    runner.start();
  }

  @AfterEach
  void stopConsumers() {
    runner.close();
  }

  private static String nameOf(int number) {
    return number == 0 ? Fixture.CONSUMER : "other" + number;
  }

  private final class Member extends Consumer {
    private final int number;

    Member(int number) {
      super(fixture.queue, nameOf(number));
      this.number = number;
    }

    @Override
    protected void process(Event event) throws Exception {
      received.get(number).add(event);
      if (number == 0) {
        first.run(event);
      }
    }
  }

  /** What each of them got next; they may share it or not. */
  private List<Event> takeFromEach() throws InterruptedException {
    List<Event> events = new ArrayList<>();
    for (BlockingQueue<Event> one : received) {
      events.addAll(Fixture.take(one, 1));
    }
    return events;
  }

  private static boolean isOneRead(List<Event> events) {
    Set<Event> different = Collections.newSetFromMap(new IdentityHashMap<>());
    different.addAll(events);
    return different.size() == 1;
  }

  /** At first they go alone, until the reader has connected. */
  private void awaitSharing() throws Exception {
    do {
      fixture.publish("warm up");
    } while (!isOneRead(takeFromEach()));
  }

  private void assertThatNothingIsLeft() throws Exception {
    Fixture.stop(runner);
    assertThat(received).allSatisfy(events -> assertThat(events).isEmpty());
    assertThat(fixture.admin.consumers(fixture.queue))
        .allSatisfy(
            consumer -> {
              assertThat(consumer.currentBatch()).isNull();
              assertThat(consumer.lastTick()).isEqualTo(fixture.lastTick());
            });
  }

  /** Not each time: one that was still at work when the others were served is served after them. */
  @Test
  void eventsAreReadOnceForAllThatWait() throws Exception {
    awaitSharing();
    int readOnce = 0;
    for (String data : Fixture.numbers(0, 20)) {
      fixture.publish(data);
      List<Event> events = takeFromEach();
      assertThat(Fixture.data(events)).containsOnly(data);
      readOnce += isOneRead(events) ? 1 : 0;
    }
    assertThat(readOnce).isPositive();
    assertThatNothingIsLeft();
  }

  @Test
  void oneThatIsAtWorkHoldsNobodyUp() throws Exception {
    awaitSharing();
    CountDownLatch release = new CountDownLatch(1);
    first = event -> release.await();
    fixture.publish("a");
    takeFromEach();
    fixture.publish("b");
    fixture.publish("c");
    assertThat(Fixture.data(Fixture.take(received.get(1), 2))).containsExactly("b", "c");
    assertThat(Fixture.data(Fixture.take(received.get(2), 2))).containsExactly("b", "c");
    assertThat(received.get(0)).isEmpty();

    release.countDown();
    assertThat(Fixture.data(Fixture.take(received.get(0), 2))).containsExactly("b", "c");
    assertThatNothingIsLeft();
  }

  @Test
  void anEventComesBackToTheOneThatFailed() throws Exception {
    awaitSharing();
    CountDownLatch failed = new CountDownLatch(1);
    first =
        event -> {
          if (failed.getCount() > 0) {
            failed.countDown();
            throw new IllegalStateException("the first time");
          }
        };
    fixture.publish("a");
    takeFromEach();
    fixture.publish("b");
    takeFromEach();

    fixture.insert("c");
    fixture.tickRetries();

    assertThat(Fixture.data(Fixture.take(received.get(0), 2))).containsExactly("a", "c");
    assertThat(Fixture.data(Fixture.take(received.get(1), 1))).containsExactly("c");
    assertThat(Fixture.data(Fixture.take(received.get(2), 1))).containsExactly("c");
    assertThatNothingIsLeft();
  }

  @Test
  void whatIsTooLargeToBeSharedIsReadByEach() throws Exception {
    awaitSharing();
    String[] many = Fixture.numbers(0, 3_000);
    fixture.publish(many);
    for (BlockingQueue<Event> one : received) {
      assertThat(Fixture.data(Fixture.take(one, many.length))).containsExactly(many);
    }
    awaitSharing();
    assertThatNothingIsLeft();
  }

  @Test
  void ticksWithoutEventsArePassed() throws Exception {
    awaitSharing();
    for (int i = 0; i < 3; i++) {
      fixture.query("select pgq.force_tick(?)", fixture.queue);
      fixture.tick();
    }
    fixture.publish("a");
    assertThat(Fixture.data(takeFromEach())).containsOnly("a");
    assertThatNothingIsLeft();
  }

  @Test
  void theyGoAloneUntilTheReaderIsBack() throws Exception {
    awaitSharing();
    assertThat(
            fixture.query(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                    + " where datname = current_database() and query = 'COMMIT'"))
        .isNotEmpty();
    for (String data : Fixture.numbers(0, 5)) {
      fixture.publish(data);
      assertThat(Fixture.data(takeFromEach())).containsOnly(data);
    }
    awaitSharing();
    assertThatNothingIsLeft();
  }

  @Test
  void aPausedOneGetsNothingUntilItIsResumed() throws Exception {
    awaitSharing();
    fixture.query("select pgq.pause_consumer(?, ?)", fixture.queue, nameOf(0));
    fixture.publish("a");
    Fixture.take(received.get(1), 1);
    Fixture.take(received.get(2), 1);
    assertThat(received.get(0)).isEmpty();

    fixture.query("select pgq.resume_consumer(?, ?)", fixture.queue, nameOf(0));
    assertThat(Fixture.data(Fixture.take(received.get(0), 1))).containsExactly("a");
    assertThatNothingIsLeft();
  }

  @Test
  void aBatchThatWasTakenFromOneIsNoMatterToTheOthers() throws Exception {
    awaitSharing();
    first = event -> fixture.query("select pgq.finish_batch(?)", fixture.openBatch());
    fixture.publish("a");
    takeFromEach();
    first = event -> {};
    fixture.publish("b");
    assertThat(Fixture.data(takeFromEach())).containsOnly("b");
    assertThatNothingIsLeft();
  }

  @Test
  void drainedTheyLeaveWhenTheyHaveEverything() throws Exception {
    awaitSharing();
    fixture.publish("a");
    fixture.publish("b");
    assertThat(runner.drain(Duration.ofSeconds(30))).isTrue();
    assertThat(received)
        .allSatisfy(
            events -> assertThat(Fixture.data(List.copyOf(events))).containsExactly("a", "b"));
  }

  @Test
  void oneThatIsUnregisteredLeavesTheOthersAlone() throws Exception {
    awaitSharing();
    fixture.admin.unregister(fixture.queue, nameOf(0));
    fixture.publish("a");
    assertThat(Fixture.data(Fixture.take(received.get(1), 1))).containsExactly("a");
    assertThat(Fixture.data(Fixture.take(received.get(2), 1))).containsExactly("a");
  }
}
