package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Which events a consumer takes, and when. */
@Timeout(60)
class IntakeIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Fixture fixture;

  @BeforeEach
  void createQueue(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
  }

  private ConsumerRunner start(Consumer consumer, ConsumerConfig.Builder config) {
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, config.build()).build();
    runner.start();
    return runner;
  }

  private void publish(String type, @Nullable String table) throws Exception {
    try (Connection connection = database.connect()) {
      EventWriter.to(fixture.queue)
          .insert(connection, new NewEvent(type, type + " " + table, table, null, null, null));
    }
  }

  @Test
  void onlyTheWantedEventsLeaveTheServer() throws Exception {
    List<String> odd = List.of("O'Neill", "back\\slash", "a,b", "{x}", "\"", "')) or true --");
    for (String type : odd) {
      publish(type, "public.job");
      publish(type, "public.other");
      publish(type, null);
    }
    publish("INSERT", "public.job");
    publish("last", "public.job");
    fixture.tick();
    Collector collector = new Collector(fixture.queue);
    List<String> types = new ArrayList<>(odd);
    types.add("last");
    try (ConsumerRunner runner =
        start(
            collector,
            ConsumerConfig.builder()
                .types(types.toArray(String[]::new))
                .tables("public.job", "public.\"Job\""))) {
      List<Event> got = Fixture.take(collector.events, odd.size() + 1);
      Fixture.stop(runner);

      assertThat(got).extracting(Event::type).containsExactlyElementsOf(types);
      assertThat(got).extracting(Event::extra1).containsOnly("public.job");
      assertThat(collector.events).isEmpty();
      fixture.assertAllFinished();
    }
  }

  @Test
  void aBatchOfOtherEventsIsFinishedWithoutTheConsumer() throws Exception {
    publish("other", null);
    fixture.tick();
    publish("mine", null);
    fixture.tick();
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(collector, ConsumerConfig.builder().types("mine"))) {
      assertThat(Fixture.take(collector.events, 1).get(0).type()).isEqualTo("mine");
      Fixture.stop(runner);
      fixture.assertAllFinished();
    }
  }

  @Test
  void ticksAreTakenTogetherUntilThereAreEnoughEvents() throws Exception {
    List<Integer> sizes = new ArrayList<>();
    AtomicInteger processed = new AtomicInteger();
    Collector collector =
        new Collector(fixture.queue, event -> processed.incrementAndGet()) {
          @Override
          protected void processBatch(Batch batch) throws Exception {
            super.processBatch(batch);
            sizes.add(processed.getAndSet(0));
          }
        };
    fixture.publish("a");
    fixture.publish("b");
    try (ConsumerRunner runner = start(collector, ConsumerConfig.builder().minCount(3))) {
      while (runner.health().get(0).state() != ConsumerState.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(collector.events).isEmpty();

      fixture.publish("c", "d");

      assertThat(Fixture.data(Fixture.take(collector.events, 4)))
          .containsExactly("a", "b", "c", "d");
      Fixture.stop(runner);
    }
    assertThat(sizes).containsExactly(4);
  }

  @Test
  void atAPaceABatchHasAllThereIsAndComesAfterIt() throws Exception {
    Duration pace = Duration.ofMillis(100);
    List<Long> starts = new ArrayList<>();
    Collector collector =
        new Collector(
            fixture.queue,
            event -> {
              if ("a".equals(event.data())) {
                fixture.publish("b");
                fixture.publish("c", "d");
              }
            }) {
          @Override
          protected void processBatch(Batch batch) throws Exception {
            starts.add(System.nanoTime());
            super.processBatch(batch);
          }
        };
    fixture.publish("a");
    try (ConsumerRunner runner = start(collector, ConsumerConfig.builder().pace(pace))) {
      assertThat(Fixture.data(Fixture.take(collector.events, 4)))
          .containsExactly("a", "b", "c", "d");
      Fixture.stop(runner);
    }
    assertThat(starts).hasSize(2);
    assertThat(starts.get(1) - starts.get(0)).isGreaterThan(pace.toNanos() / 2);
    fixture.assertAllFinished();
  }

  @Test
  void youngEventsWaitAndComeWithoutAnotherTick() throws Exception {
    fixture.publish("a");
    fixture.execute("update pgq.tick set tick_time = now() + interval '1 second'");
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner =
        start(collector, ConsumerConfig.builder().minLag(Duration.ofMillis(50)))) {
      Fixture.take(collector.events, 1);

      assertThat(
              fixture.query(
                  "select clock_timestamp() - max(tick_time) > interval '50 ms' from pgq.tick"))
          .containsExactly("t");
      Fixture.stop(runner);
    }
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsumerConfig.builder().minCount(0).build())
        .withMessageContaining("minCount");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsumerConfig.builder().minLag(Duration.ZERO).build())
        .withMessageContaining("minLag");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConsumerConfig.builder().pace(Duration.ofDays(1)).minCount(2).build())
        .withMessageContaining("pace goes with none");
  }
}
