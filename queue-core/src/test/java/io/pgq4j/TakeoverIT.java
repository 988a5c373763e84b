package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches whose end is refused. */
@Timeout(60)
class TakeoverIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private Fixture fixture;

  @BeforeEach
  void createQueue(TestInfo test) {
    fixture = Fixture.create(database, test.getTestMethod().orElseThrow().getName());
  }

  private static ConsumerRunner start(Consumer consumer) {
    ConsumerConfig config =
        ConsumerConfig.builder().backoff(Duration.ofMillis(20), Duration.ofMillis(200)).build();
    ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSource()).add(consumer, config).build();
    runner.start();
    return runner;
  }

  @Test
  void twoRunnersOfOneConsumerFinishEachBatchOnce() throws Exception {
    BlockingQueue<Long> batches = new LinkedBlockingQueue<>();
    CountDownLatch both = new CountDownLatch(2);
    for (int i = 0; i < 20; i++) {
      fixture.publish(Integer.toString(i));
    }
    Consumer consumer =
        new Consumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch) throws Exception {
            both.countDown();
            both.await();
            for (Event event : batch) {
              batch.retry(event, Duration.ofHours(1));
            }
            batches.add(batch.id());
          }
        };
    long before = positions();
    try (ConsumerRunner one = start(consumer);
        ConsumerRunner two = start(consumer)) {
      while (!Long.valueOf(fixture.lastTick()).equals(fixture.consumer().lastTick())) {
        Thread.onSpinWait();
      }
      Fixture.stop(one);
      Fixture.stop(two);
    }
    assertThat(batches.stream().distinct()).hasSize(20);
    assertThat(positions() - before).as("one opened and one finished for each batch").isEqualTo(40);
    assertThat(fixture.retries()).containsExactly("20");
  }

  private long positions() throws Exception {
    return Long.parseLong(
        String.valueOf(
            fixture
                .query(
                    "select count(*) from pgq.position p join pgq.registration r using (sub_id)"
                        + " join pgq.queue q on queue_id = sub_queue where queue_name = ?",
                    fixture.queue)
                .get(0)));
  }

  @Test
  void aTakenOverBatchIsLeftToTheOtherSession() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Collector collector =
        new Collector(
            fixture.queue,
            event -> {
              if (inside.getCount() == 1) {
                inside.countDown();
                goOn.await();
                throw new IllegalStateException("its retry must not be recorded");
              }
            });
    fixture.publish("a");
    fixture.publish("b");
    try (ConsumerRunner runner = start(collector)) {
      inside.await();
      fixture.query("select pgq.finish_batch(?)", fixture.openBatch());
      goOn.countDown();
      assertThat(Fixture.data(Fixture.take(collector.events, 2))).containsExactly("a", "b");
      Fixture.stop(runner);
      assertThat(runner.health().get(0).lastError()).isNull();
    }
    assertThat(fixture.retries()).containsExactly("0");
    fixture.assertAllFinished();
  }

  @Test
  void anEventThatIsNotOfTheBatchIsAnErrorAndTheBatchComesAgain() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    BlockingQueue<Boolean> done = new LinkedBlockingQueue<>();
    Consumer consumer =
        new Consumer(fixture.queue, Fixture.CONSUMER) {
          @Override
          protected void processBatch(Batch batch) {
            batch.forEach(event -> {});
            if (calls.incrementAndGet() == 1) {
              batch.retry(
                  new Event(-1, 1, Instant.EPOCH, 0, null, null, null, null, null, null),
                  Duration.ZERO);
            } else {
              done.add(true);
            }
          }
        };
    fixture.publish("a");
    try (ConsumerRunner runner = start(consumer)) {
      Fixture.take(done, 1);
      Fixture.stop(runner);
    }
    assertThat(fixture.retries()).containsExactly("0");
    fixture.assertAllFinished();
  }
}
