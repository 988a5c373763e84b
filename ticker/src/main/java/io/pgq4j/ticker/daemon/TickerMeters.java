package io.pgq4j.ticker.daemon;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pgq4j.ticker.Ticker;
import io.pgq4j.ticker.TickerListener;
import io.pgq4j.ticker.TickerState.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of one ticker. */
final class TickerMeters implements TickerListener, AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private record DutyMeters(Counter failures, AtomicInteger failing) {}

  private final MeterRegistry registry;
  private final String database;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<String, DutyMeters> duties = new ConcurrentHashMap<>();
  private final Counter ticks;
  private final Timer took;
  private final Counter wakeUps;
  private final Counter retried;
  private final Counter maintained;
  private final Counter compacted;

  /**
   * Registers them.
   *
   * @param database the name of the ticker, which all its meters carry
   */
  TickerMeters(MeterRegistry registry, String database) {
    this.registry = registry;
    this.database = database;
    ticks = counter("ticks", "Ticks made, over all queues.");
    took =
        added(
            Timer.builder("pgq.ticker.tick.duration")
                .description(
                    "What asking for the ticks that are due took, until they were durable.")
                .tag("database", database)
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
    wakeUps = counter("wake.ups", "Sleeps that a producer's notification ended.");
    retried = counter("retried.events", "Events that came back from the retry queue.");
    maintained = counter("maintenance.operations", "Operations of maintenance, such as rotations.");
    compacted = counter("compactions", "Compactions of ticks or positions.");
  }

  /** Adds the meters that need the ticker itself. */
  void watch(Ticker ticker) {
    for (Role role : List.of(Role.LEADER, Role.STANDBY, Role.WAITING)) {
      added(
          Gauge.builder("pgq.ticker.state", ticker, t -> t.state().role() == role ? 1 : 0)
              .description("1 for the state the ticker is in, 0 for the others.")
              .tags("database", database, "state", Health.stateName(role))
              .register(registry));
    }
    added(
        Gauge.builder("pgq.ticker.silence", ticker, t -> t.state().silence().toNanos() / 1e9)
            .description(
                "How long the thread that ticks has given no sign of life though it should.")
            .baseUnit("seconds")
            .tag("database", database)
            .register(registry));
  }

  @Override
  public void ticked(long queues, Duration took) {
    this.took.record(took);
    ticks.increment((double) queues);
  }

  @Override
  public void wokenUp() {
    wakeUps.increment();
  }

  @Override
  public void retried(long events) {
    retried.increment((double) events);
  }

  @Override
  public void maintained() {
    maintained.increment();
  }

  @Override
  public void compacted() {
    compacted.increment();
  }

  @Override
  public void failed(String duty) {
    DutyMeters its = duties.computeIfAbsent(duty, this::dutyMeters);
    its.failures().increment();
    its.failing().set(1);
  }

  @Override
  public void recovered(String duty) {
    duties.computeIfAbsent(duty, this::dutyMeters).failing().set(0);
  }

  private DutyMeters dutyMeters(String duty) {
    Counter failures =
        added(
            Counter.builder("pgq.ticker.failures")
                .description("Rounds of a duty of the ticker that failed.")
                .tags("database", database, "duty", duty)
                .register(registry));
    AtomicInteger failing = new AtomicInteger();
    added(
        Gauge.builder("pgq.ticker.failing", failing, AtomicInteger::get)
            .description("1: the last round of the duty failed.")
            .tags("database", database, "duty", duty)
            .register(registry));
    return new DutyMeters(failures, failing);
  }

  private Counter counter(String name, String description) {
    return added(
        Counter.builder("pgq.ticker." + name)
            .description(description)
            .tag("database", database)
            .register(registry));
  }

  private synchronized <T extends Meter> T added(T meter) {
    meters.add(meter);
    return meter;
  }

  /** Takes the meters out of the registry. */
  @Override
  public synchronized void close() {
    meters.forEach(registry::remove);
  }
}
