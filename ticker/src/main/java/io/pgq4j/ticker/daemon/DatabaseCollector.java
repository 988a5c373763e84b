package io.pgq4j.ticker.daemon;

import io.pgq4j.ticker.daemon.DatabaseReader.Consumer;
import io.pgq4j.ticker.daemon.DatabaseReader.Queue;
import io.pgq4j.ticker.daemon.DatabaseReader.Reading;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The gauges that databases are asked for. They are made for each scrape and not kept: queues and
 * consumers come and go, and there may be ten thousand. All databases are read at the same time;
 * one that does not answer in time is missing, and said to be down.
 */
final class DatabaseCollector implements MultiCollector {
  /** Prometheus gives up after ten seconds by default. */
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private final Supplier<Stream<DatabaseReader>> readers;

  DatabaseCollector(Supplier<Stream<DatabaseReader>> readers) {
    this.readers = readers;
  }

  @Override
  public MetricSnapshots collect() {
    Map<String, CompletableFuture<Reading>> readings = new LinkedHashMap<>();
    readers.get().forEach(reader -> readings.put(reader.database(), reader.read()));
    Families families = new Families();
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      for (Map.Entry<String, CompletableFuture<Reading>> each : readings.entrySet()) {
        add(families, each.getKey(), each.getValue(), end);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the endpoint is being closed
    }
    return families.snapshots();
  }

  private static void add(
      Families families, String database, CompletableFuture<Reading> future, long end)
      throws InterruptedException {
    boolean up = false;
    try {
      Reading reading = future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      families.add(database, reading);
      up = true;
    } catch (ExecutionException | TimeoutException e) {
      // The reader has said why; or it still waits, and will have said it before it is asked again.
    }
    families.add(
        "pgq_database_up",
        "1: the database was read for this scrape. 0: it was not, and its queues are missing.",
        Labels.of("database", database),
        up ? 1 : 0);
  }

  /** Metrics by name, each with what all databases have of it. */
  private static final class Families {
    private final Map<String, GaugeSnapshot.Builder> byName = new LinkedHashMap<>();

    void add(String database, Reading reading) {
      Labels labels = Labels.of("database", database);
      add(
          "pgq_database_read_seconds",
          "How long reading the database for these metrics took.",
          labels,
          reading.took().toNanos() / 1e9);
      add(
          "pgq_notification_queue_usage",
          "The used part of the server's notification queue, 0 to 1; commits that notify fail at 1.",
          labels,
          reading.notificationQueueUsage());
      reading.queues().forEach(queue -> add(database, queue));
      reading.consumers().forEach(consumer -> add(database, consumer));
    }

    private void add(String database, Queue queue) {
      Labels labels = Labels.of("database", database, "queue", queue.name());
      add(
          "pgq_queue_lag_seconds",
          "Age of the last tick while events wait for the next one, else 0.",
          labels,
          queue.lag());
      add(
          "pgq_queue_pending_events",
          "Events inserted after the last tick.",
          labels,
          queue.pendingEvents());
      add(
          "pgq_queue_delayed_events",
          "Events whose time has not come, counted up to 10,000.",
          labels,
          queue.delayedEvents());
      add(
          "pgq_queue_rotation_age_seconds",
          "How long the current event table has been in use.",
          labels,
          queue.rotationAge());
      if (queue.stoppedBy() != null) {
        add(
            "pgq_queue_stopped",
            "1: the queue is not ticked. Reason: paused, external or behind (see pgq.rebase).",
            labels.add("reason", queue.stoppedBy()),
            1);
      }
      if (queue.blockedBy() != null) {
        add(
            "pgq_queue_rotation_overdue_seconds",
            "How long ago the queue was to be rotated. Blocked by: consumer, transaction, lock,"
                + " ticker or unknown (see pgq.get_queue_metrics).",
            labels.add("blocked_by", queue.blockedBy()),
            queue.rotationOverdue());
      }
    }

    private void add(String database, Consumer consumer) {
      Labels labels =
          Labels.of("database", database, "queue", consumer.queue(), "consumer", consumer.name());
      if (!Double.isNaN(consumer.lag())) {
        add(
            "pgq_consumer_lag_seconds",
            "Age of the last finished tick while events wait after it, else 0.",
            labels,
            consumer.lag());
        add(
            "pgq_consumer_pending_events",
            "Events inserted after the last finished tick.",
            labels,
            consumer.pendingEvents());
        add(
            "pgq_consumer_retry_events",
            "Events that will come back to the consumer, counted up to 10,000.",
            labels,
            consumer.retryEvents());
        add(
            "pgq_consumer_held_events",
            "Events that failed in order by key, and those behind them, counted up to 10,000.",
            labels,
            consumer.heldEvents());
      }
      add(
          "pgq_consumer_dead_letters",
          "Events that the consumer gave up, counted up to 10,000.",
          labels,
          consumer.deadLetters());
      if (consumer.paused()) {
        add("pgq_consumer_paused", "1: the consumer is given no batches.", labels, 1);
      }
    }

    void add(String name, String help, Labels labels, double value) {
      byName
          .computeIfAbsent(name, key -> GaugeSnapshot.builder().name(key).help(help))
          .dataPoint(new GaugeDataPointSnapshot(value, labels, null));
    }

    MetricSnapshots snapshots() {
      MetricSnapshots.Builder all = MetricSnapshots.builder();
      byName.values().forEach(family -> all.metricSnapshot(family.build()));
      return all.build();
    }
  }
}
