package io.pgq4j;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToDoubleFunction;

/**
 * The consumers of a {@link ConsumerRunner} as Micrometer's meters, with the tags {@code queue} and
 * {@code consumer}. Needs {@code micrometer-core} on the class path.
 *
 * <ul>
 *   <li>{@code pgq.consumer.batches}, {@code pgq.consumer.events}, {@code pgq.consumer.failures}:
 *       counters, see {@link ConsumerCounts}
 *   <li>{@code pgq.consumer.state}: 1 for the state in the tag {@code state}, 0 for the others
 *   <li>{@code pgq.consumer.idle}: seconds since it last finished a batch; NaN before the first
 * </ul>
 */
public final class ConsumerMetrics implements MeterBinder {
  private final ConsumerRunner runner;

  /** Meters of the consumers of this runner. */
  public ConsumerMetrics(ConsumerRunner runner) {
    this.runner = runner;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (int i = 0; i < runner.health().size(); i++) {
      bind(registry, i);
    }
  }

  private void bind(MeterRegistry registry, int consumer) {
    ConsumerHealth named = runner.health().get(consumer);
    Tags tags = Tags.of("queue", named.queue(), "consumer", named.consumer());
    count(registry, "batches", tags, all -> all.counts().get(consumer).batches());
    count(registry, "events", tags, all -> all.counts().get(consumer).events());
    count(registry, "failures", tags, all -> all.counts().get(consumer).failures());
    for (ConsumerState state : ConsumerState.values()) {
      Gauge.builder(
              "pgq.consumer.state",
              runner,
              all -> all.health().get(consumer).state() == state ? 1 : 0)
          .tags(tags.and("state", state.name()))
          .register(registry);
    }
    Gauge.builder("pgq.consumer.idle", runner, all -> idle(all.health().get(consumer)))
        .tags(tags)
        .baseUnit("seconds")
        .register(registry);
  }

  private void count(
      MeterRegistry registry, String name, Tags tags, ToDoubleFunction<ConsumerRunner> value) {
    FunctionCounter.builder("pgq.consumer." + name, runner, value).tags(tags).register(registry);
  }

  private static double idle(ConsumerHealth health) {
    Instant last = health.lastFinished();
    return last == null ? Double.NaN : Duration.between(last, Instant.now()).toMillis() / 1e3;
  }
}
