package io.pgq4j.test;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerConfig;
import io.pgq4j.ConsumerHealth;
import io.pgq4j.ConsumerInfo;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.ConsumerState;
import io.pgq4j.QueueAdmin;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Runs a consumer until it has finished a tick. */
final class Drain {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final DataSource dataSource;
  private final Consumer consumer;
  private final ConsumerConfig config;

  Drain(DataSource dataSource, Consumer consumer, ConsumerConfig config) {
    this.dataSource = dataSource;
    this.consumer = consumer;
    this.config = config;
  }

  void until(long tick) throws InterruptedException {
    QueueAdmin admin = QueueAdmin.of(dataSource);
    long end = System.nanoTime() + PATIENCE.toNanos();
    try (ConsumerRunner runner = ConsumerRunner.builder(dataSource).add(consumer, config).build()) {
      runner.start();
      while (!isDone(admin, tick)) {
        ConsumerHealth health = runner.health().get(0);
        if (health.state() == ConsumerState.BACKING_OFF || health.state() == ConsumerState.FAILED) {
          throw new AssertionError(name() + " failed: " + health.lastError());
        }
        if (System.nanoTime() - end > 0) {
          throw new AssertionError(
              "%s is not done after %s: it is %s, batch %s"
                  .formatted(name(), PATIENCE, health.state(), health.lastBatch()));
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        // The database tells nobody that a batch was finished.
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private boolean isDone(QueueAdmin admin, long tick) {
    for (ConsumerInfo info : admin.consumers(consumer.queue())) {
      if (info.name().equals(consumer.name())) {
        Long last = info.lastTick();
        return info.currentBatch() == null && last != null && last >= tick;
      }
    }
    throw new AssertionError(name() + " is not registered any more");
  }

  private String name() {
    return "consumer " + consumer.name() + " of queue " + consumer.queue();
  }
}
