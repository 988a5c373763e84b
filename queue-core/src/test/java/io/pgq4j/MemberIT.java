package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.testing.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several consumers of one name, which share its batches. */
@Timeout(60)
class MemberIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Fixture fixture;

  @BeforeEach
  void createQueue(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
  }

  private static ConsumerConfig member(String name, Duration deadAfter) {
    return ConsumerConfig.builder().member(name).deadAfter(deadAfter).build();
  }

  private static ConsumerRunner start(Consumer consumer, ConsumerConfig config) {
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, config).build();
    runner.start();
    return runner;
  }

  private List<@Nullable String> members() throws Exception {
    return fixture.query(
        "select consumer_name from pgq.get_consumer_info(?) where consumer_name like 'reader.%'",
        fixture.queue);
  }

  @Test
  void membersShareBatchesAndWorkAtTheSameTime() throws Exception {
    CountDownLatch together = new CountDownLatch(2);
    Collector one = new Collector(fixture.queue, event -> awaitAll(together));
    Collector two = new Collector(fixture.queue, event -> awaitAll(together));
    try (ConsumerRunner first = start(one, member("one", Duration.ofMinutes(1)));
        ConsumerRunner second = start(two, member("two", Duration.ofMinutes(1)))) {
      while (members().size() < 2) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 20; i++) {
        fixture.publish(Integer.toString(i));
      }
      List<Event> all = new ArrayList<>();
      while (all.size() < 20) {
        one.events.drainTo(all);
        two.events.drainTo(all);
      }
      assertThat(Fixture.data(all)).containsExactlyInAnyOrder(Fixture.numbers(0, 20));
      Fixture.stop(first);
      Fixture.stop(second);
    }
    assertThat(one.events).isEmpty();
    assertThat(two.events).isEmpty();
    assertThat(members()).containsExactlyInAnyOrder("reader.one", "reader.two");
  }

  private static void awaitAll(CountDownLatch together) throws InterruptedException {
    together.countDown();
    together.await();
  }

  @Test
  void aMemberAtWorkKeepsItsBatchAndOneThatIsKilledLosesIt() throws Exception {
    Collector collector = new Collector(fixture.queue);
    try (ChildJvm child =
        ChildJvm.start(
            ChildConsumer.class, database.url(), List.of(), fixture.queue, "hang", "one")) {
      while (members().isEmpty()) {
        Thread.onSpinWait();
      }
      fixture.publish("a", "b");
      String told = child.await("BATCH ");
      long batch = Long.parseLong(told.substring(0, told.indexOf(' ')));
      try (ConsumerRunner runner = start(collector, member("two", Duration.ofMillis(900)))) {
        // The child beats three times as often; it is not taken over between its beats.
        while (fixture
            .query(
                "select count(*) from pgq.position where batch_id = ? having count(*) >= 7", batch)
            .isEmpty()) {
          Thread.onSpinWait();
        }
        assertThat(collector.events).isEmpty();
        child.kill();
        assertThat(Fixture.data(Fixture.take(collector.events, 2))).containsExactly("a", "b");
        Fixture.stop(runner);
      }
    }
  }

  @Test
  void aMemberWithoutANameLeavesWhenItStopsAndComesAgainWhenItWasForgotten() throws Exception {
    Collector collector = new Collector(fixture.queue);
    ConsumerConfig config =
        ConsumerConfig.builder()
            .member()
            .backoff(Duration.ofMillis(20), Duration.ofMillis(200))
            .build();
    try (ConsumerRunner runner = start(collector, config)) {
      while (members().isEmpty()) {
        Thread.onSpinWait();
      }
      String name = String.valueOf(members().get(0));
      fixture.publish("a");
      Fixture.take(collector.events, 1);
      while (fixture
          .query(
              "select pgq_coop.unregister_subconsumer(?, 'reader', ?, 0)",
              fixture.queue,
              name.substring("reader.".length()))
          .contains("0")) {
        Thread.onSpinWait();
      }
      fixture.publish("b");
      assertThat(Fixture.data(Fixture.take(collector.events, 1))).containsExactly("b");
      Fixture.stop(runner);
    }
    assertThat(members()).isEmpty();
  }

  @Test
  void membersKeepNoOrderByKey() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsumerConfig.builder().byKey(2).member("one").build())
        .withMessageContaining("unordered");
  }
}
