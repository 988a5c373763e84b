package io.pgq4j.daemon;

import io.pgq4j.ConsumerConfig;
import io.pgq4j.Order;
import io.pgq4j.RetryPolicy;
import io.pgq4j.RetryPolicyBuilder;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The configuration keys of every consumer that is a program: how it runs. */
final class ConsumerKeys {
  private static final ConsumerConfig DEFAULTS = ConsumerConfig.ofDefaults();

  static final Setting<Boolean> REGISTER =
      Setting.bool(
          "register",
          DEFAULTS.register(),
          "whether to register the consumer at the start; it gets what is committed from then on");

  static final Setting<Duration> STOP_TIMEOUT =
      Setting.duration(
          "stop-timeout",
          Duration.ofSeconds(20),
          "how long a stop waits for the batch in hand; cut off then, it comes again");

  private static final Setting<List<String>> TYPES =
      Setting.list(
          "types", null, "only events of these types (ev_type); the others stay in the server");

  private static final Setting<List<String>> TABLES =
      Setting.list(
          "tables",
          null,
          "only events of these tables, each as schema.table (ev_extra1); the others stay in the"
              + " server");

  private static final Setting<Integer> MIN_COUNT =
      positive("min-count", "only batches of at least about so many events");

  private static final Setting<Duration> MIN_INTERVAL =
      Setting.positiveDuration(
          "min-interval",
          null,
          "only batches that cover at least so much time, or have min-count events");

  private static final Setting<Duration> MIN_LAG =
      Setting.positiveDuration("min-lag", null, "only events that are at least so old");

  private static final Setting<Duration> PACE =
      Setting.positiveDuration(
          "pace", null, "at most one batch in this time, which then has all there is");

  private static final Setting<Order> ORDER =
      Setting.oneOf(
          "order",
          Order.class,
          Order.SEQUENTIAL,
          "one event after the other; or side by side those of different keys, or all");

  private static final Setting<Integer> WORKERS =
      positive("workers", "how many events are processed side by side; not with order sequential");

  private static final Setting<Duration> DEADLINE =
      Setting.positiveDuration("deadline", null, "how long the processing of an event may take");

  private static final Setting<Integer> CIRCUIT_FAILURES =
      Setting.integer(
          "circuit-failures",
          DEFAULTS.circuit().failures(),
          "after how many failures in a row nothing is tried for a while; 0: never");

  private static final Setting<Duration> CIRCUIT_MIN_PAUSE =
      Setting.positiveDuration(
          "circuit-min-pause", DEFAULTS.circuit().minPause(), "for how long, at first");

  private static final Setting<Duration> CIRCUIT_MAX_PAUSE =
      Setting.positiveDuration(
          "circuit-max-pause", DEFAULTS.circuit().maxPause(), "for how long, at most");

  private static final Setting<Integer> MAX_ATTEMPTS =
      positive(
          "max-attempts",
          "how often an event is tried before it is given up; without it and the two below, the"
              + " queue's settings decide");

  private static final Setting<Duration> RETRY_DELAY =
      Setting.positiveDuration(
          "retry-delay", null, "the pause before an event is tried again, doubling each time");

  private static final Setting<Duration> MAX_RETRY_DELAY =
      Setting.positiveDuration("max-retry-delay", null, "the longest such pause");

  private static final Setting<Duration> POLL_INTERVAL =
      Setting.positiveDuration(
          "poll-interval",
          DEFAULTS.pollInterval(),
          "how often to look at the queue although no wake-up came");

  /** Those that say how it runs. */
  static final List<Setting<?>> RUNNING =
      List.of(
          REGISTER,
          TYPES,
          TABLES,
          MIN_COUNT,
          MIN_INTERVAL,
          MIN_LAG,
          PACE,
          ORDER,
          WORKERS,
          DEADLINE,
          CIRCUIT_FAILURES,
          CIRCUIT_MIN_PAUSE,
          CIRCUIT_MAX_PAUSE,
          MAX_ATTEMPTS,
          RETRY_DELAY,
          MAX_RETRY_DELAY,
          POLL_INTERVAL,
          STOP_TIMEOUT);

  private ConsumerKeys() {}

  /**
   * How to run the consumer.
   *
   * @throws IllegalArgumentException if settings do not go together
   */
  static ConsumerConfig config(Settings settings) {
    ConsumerConfig.Builder config =
        ConsumerConfig.builder()
            .register(settings.get(REGISTER))
            .pollInterval(settings.get(POLL_INTERVAL));
    settings.find(TYPES).ifPresent(types -> config.types(types.toArray(String[]::new)));
    settings.find(TABLES).ifPresent(tables -> config.tables(tables.toArray(String[]::new)));
    settings.find(MIN_COUNT).ifPresent(config::minCount);
    settings.find(MIN_INTERVAL).ifPresent(config::minInterval);
    settings.find(MIN_LAG).ifPresent(config::minLag);
    settings.find(PACE).ifPresent(config::pace);
    settings.find(DEADLINE).ifPresent(config::deadline);
    sideBySide(settings, config);
    config.circuitBreaker(
        settings.get(CIRCUIT_FAILURES),
        settings.get(CIRCUIT_MIN_PAUSE),
        settings.get(CIRCUIT_MAX_PAUSE));
    retryPolicy(settings).ifPresent(config::retryPolicy);
    return config.build();
  }

  private static void sideBySide(Settings settings, ConsumerConfig.Builder config) {
    int workers = settings.find(WORKERS).orElse(1);
    switch (settings.get(ORDER)) {
      case BY_KEY -> config.byKey(workers);
      case NONE -> config.unordered(workers);
      case SEQUENTIAL -> {
        if (workers > 1) {
          throw new IllegalArgumentException("workers needs order=by-key or order=none");
        }
      }
    }
  }

  private static Optional<RetryPolicy> retryPolicy(Settings settings) {
    Optional<Integer> attempts = settings.find(MAX_ATTEMPTS);
    Optional<Duration> delay = settings.find(RETRY_DELAY);
    Optional<Duration> longest = settings.find(MAX_RETRY_DELAY);
    if (attempts.isEmpty() && delay.isEmpty() && longest.isEmpty()) {
      return Optional.empty();
    }
    Duration first = delay.orElse(Duration.ofSeconds(1));
    Duration last = longest.orElseGet(() -> longer(first, Duration.ofHours(1)));
    if (last.compareTo(first) < 0) {
      throw new IllegalArgumentException("max-retry-delay must not be less than retry-delay");
    }
    RetryPolicyBuilder policy = RetryPolicy.builder().backoff(first, last);
    attempts.ifPresent(policy::maxAttempts);
    return Optional.of(policy.build());
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }

  private static Setting<Integer> positive(String name, String help) {
    return new Setting<>(
        name,
        "an integer above 0",
        text -> {
          int value = Integer.parseInt(text);
          if (value < 1) {
            throw new IllegalArgumentException(name);
          }
          return value;
        },
        null,
        help);
  }
}
