package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgq4j.testing.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.MDC;

/** Pausing, draining, and what is told about it. */
@Timeout(60)
class LifecycleIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Fixture fixture;

  @BeforeEach
  void createQueue(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
  }

  private static ConsumerRunner start(Consumer consumer, ConsumerConfig config) {
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, config).build();
    runner.start();
    return runner;
  }

  private static void awaitState(ConsumerRunner runner, ConsumerState state) {
    while (runner.health().get(0).state() != state) {
      Thread.onSpinWait();
    }
  }

  private List<@Nullable String> told(String columns) throws Exception {
    return fixture.query("select " + columns + " from pgq.get_consumer_states(?)", fixture.queue);
  }

  @Test
  void aPausedConsumerTakesNoBatchUntilItIsResumed() throws Exception {
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(collector, ConsumerConfig.ofDefaults())) {
      runner.pause();
      awaitState(runner, ConsumerState.PAUSED);
      fixture.publish("a");
      assertThat(told("state")).containsExactly("paused");
      assertThat(collector.events).isEmpty();
      runner.resume();
      Fixture.take(collector.events, 1);
      runner.pause();
      awaitState(runner, ConsumerState.PAUSED);
      Fixture.stop(runner);
    }
    fixture.assertAllFinished();
  }

  @Test
  void drainingEndsWhenAllIsDone() throws Exception {
    for (int i = 0; i < 10; i++) {
      fixture.publish(Integer.toString(i));
    }
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(collector, ConsumerConfig.ofDefaults())) {
      assertThat(runner.drain(Duration.ofSeconds(30))).isTrue();
      assertThat(runner.health().get(0).state()).isEqualTo(ConsumerState.STOPPED);
    }
    assertThat(collector.events).hasSize(10);
    fixture.assertAllFinished();
    assertThat(told("state")).containsExactly("stopped");
  }

  @Test
  void theDatabaseIsToldWhoRunsTheConsumerAndWhatWentWrong() throws Exception {
    CountDownLatch mended = new CountDownLatch(1);
    Consumer consumer =
        new Consumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch) {
            batch.forEach(event -> {});
            if (mended.getCount() > 0) {
              throw new IllegalStateException("all went wrong");
            }
          }
        };
    ConsumerConfig quick =
        ConsumerConfig.builder().backoff(Duration.ofMillis(20), Duration.ofMillis(50)).build();
    try (ConsumerRunner runner = start(consumer, quick)) {
      while (!told("state || ' ' || connected").contains("running true")) {
        Thread.onSpinWait();
      }
      assertThat(told("process")).containsExactly(String.valueOf(ProcessHandle.current().pid()));
      fixture.publish("a");
      while (!told("state").contains("backing_off")) {
        Thread.onSpinWait();
      }
      assertThat(told("error")).singleElement().asString().contains("all went wrong");
      mended.countDown();
      while (!told("state").contains("running") || fixture.consumer().currentBatch() != null) {
        Thread.onSpinWait();
      }
      assertThat(told("error")).singleElement().asString().contains("all went wrong");
      Fixture.stop(runner);
    }
    assertThat(told("state || ' ' || coalesce(host, '-')").get(0)).startsWith("stopped ");
  }

  @Test
  void stateIsToldOncePerChangeAndNotPerBatch() throws Exception {
    Collector collector = new Collector(fixture.queue);
    try (ConsumerRunner runner = start(collector, ConsumerConfig.ofDefaults())) {
      fixture.publish("0");
      Fixture.take(collector.events, 1);
      String row = "select s.xmin from pgq.consumer_state s order by cs_started desc limit 1";
      List<@Nullable String> before = fixture.query(row);
      for (int i = 1; i < 20; i++) {
        fixture.publish(Integer.toString(i));
        Fixture.take(collector.events, 1);
      }
      assertThat(fixture.query(row)).isEqualTo(before);
      Fixture.stop(runner);
    }
  }

  @Test
  void metricsCountAndTellTheState() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Collector collector =
        new Collector(
            fixture.queue,
            event -> {
              throw new IllegalStateException("no good");
            });
    try (ConsumerRunner runner = start(collector, ConsumerConfig.ofDefaults())) {
      new ConsumerMetrics(runner).bindTo(registry);
      fixture.publish("a", "b");
      Fixture.take(collector.events, 2);
      Fixture.stop(runner);
      assertThat(registry.get("pgq.consumer.batches").functionCounter().count()).isEqualTo(1);
      assertThat(registry.get("pgq.consumer.events").functionCounter().count()).isEqualTo(2);
      assertThat(registry.get("pgq.consumer.failures").functionCounter().count()).isEqualTo(2);
      assertThat(registry.get("pgq.consumer.state").tag("state", "STOPPED").gauge().value())
          .isEqualTo(1);
      assertThat(registry.get("pgq.consumer.idle").gauge().value()).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void theTraceOfTheProducerIsThereWhileItsEventIsProcessed() throws Exception {
    String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    LinkedBlockingQueue<String> traces = new LinkedBlockingQueue<>();
    Collector collector =
        new Collector(fixture.queue, event -> traces.add(String.valueOf(MDC.get("traceparent"))));
    fixture.execute(
        "create table traced (id int primary key); select pgq.watch_table('traced', '%1$s');"
                .formatted(fixture.queue)
            + "set pgq.headers = '{\"traceparent\": \"%s\"}'; insert into traced values (1);"
                .formatted(trace)
            + "reset pgq.headers; insert into traced values (2)");
    fixture.tick();
    try (ConsumerRunner runner = start(collector, ConsumerConfig.ofDefaults())) {
      assertThat(Fixture.take(traces, 2)).containsExactly(trace, "null");
      Fixture.stop(runner);
    }
  }
}
