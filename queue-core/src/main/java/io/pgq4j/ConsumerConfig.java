package io.pgq4j;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ConsumerRunner} runs a consumer; see {@link Builder} for what each setting means.
 *
 * @param retryPolicy null: the settings of the queue decide
 * @param bufferSize in bytes
 */
public record ConsumerConfig(
    @Nullable RetryPolicy retryPolicy,
    Duration pollInterval,
    Duration minFallback,
    Duration maxFallback,
    Duration minBackoff,
    Duration maxBackoff,
    long bufferSize,
    boolean register,
    Intake intake) {

  public ConsumerConfig {
    checkPositive("pollInterval", pollInterval);
    checkRange("fallback", minFallback, maxFallback);
    checkRange("backoff", minBackoff, maxBackoff);
    if (bufferSize < 0) {
      throw new IllegalArgumentException("bufferSize must not be negative");
    }
  }

  /** The defaults. */
  public static ConsumerConfig ofDefaults() {
    return builder().build();
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  private static void checkPositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive");
    }
  }

  private static void checkRange(String name, Duration min, Duration max) {
    checkPositive(name, min);
    if (max.compareTo(min) < 0) {
      throw new IllegalArgumentException(name + ": the longest must not be less than the shortest");
    }
  }

  /**
   * Builds a {@link ConsumerConfig}.
   *
   * <p>Defaults:
   *
   * <ul>
   *   <li>{@link #retryPolicy}: none, the settings of the queue decide
   *   <li>{@link #pollInterval}: 30 s
   *   <li>{@link #fallback}: 50 ms to 5 s
   *   <li>{@link #backoff}: 100 ms to 30 s
   *   <li>{@link #bufferSize}: 4 MiB
   *   <li>{@link #register}: true
   *   <li>{@link #types}, {@link #tables}: all events
   *   <li>{@link #minCount}, {@link #minInterval}, {@link #minLag}: none, a batch is taken as soon
   *       as there is one
   * </ul>
   */
  public static final class Builder {
    private @Nullable RetryPolicy retryPolicy;
    private Duration pollInterval = Duration.ofSeconds(30);
    private Duration minFallback = Duration.ofMillis(50);
    private Duration maxFallback = Duration.ofSeconds(5);
    private Duration minBackoff = Duration.ofMillis(100);
    private Duration maxBackoff = Duration.ofSeconds(30);
    private long bufferSize = 4L << 20;
    private boolean register = true;
    private List<String> types = List.of();
    private List<String> tables = List.of();
    private @Nullable Integer minCount;
    private @Nullable Duration minInterval;
    private @Nullable Duration minLag;

    private Builder() {}

    /**
     * What happens to an event that failed. Without a policy the settings of its queue decide:
     * {@code max_retries}, {@code retry_delay}, {@code retry_delay_max}. Those of a queue where
     * nobody changed them are {@link RetryPolicy#ofDefaults()}.
     */
    public Builder retryPolicy(RetryPolicy policy) {
      this.retryPolicy = policy;
      return this;
    }

    /**
     * How often the queue is looked at although no wake-up came. One query serves all consumers of
     * a DataSource in this JVM, at the shortest interval that one of them asks for; it is also what
     * finds out that the listening connection died.
     */
    public Builder pollInterval(Duration interval) {
      this.pollInterval = interval;
      return this;
    }

    /**
     * How often the consumer looks at its queue while it cannot be woken (LISTEN is refused, or a
     * pooler swallows notifications): after {@code shortest} at first, then at growing intervals up
     * to {@code longest} until a batch is found.
     */
    public Builder fallback(Duration shortest, Duration longest) {
      this.minFallback = shortest;
      this.maxFallback = longest;
      return this;
    }

    /** The pauses, growing from failure to failure, after a lost connection or a failed batch. */
    public Builder backoff(Duration shortest, Duration longest) {
      this.minBackoff = shortest;
      this.maxBackoff = longest;
      return this;
    }

    /**
     * How much of a batch, in bytes, is held in memory; the rest waits in a temporary file. 0 or
     * more.
     */
    public Builder bufferSize(long bytes) {
      this.bufferSize = bytes;
      return this;
    }

    /**
     * Whether the consumer is registered at start if it is not yet. It then gets the events that
     * are committed from that moment on.
     */
    public Builder register(boolean atStart) {
      this.register = atStart;
      return this;
    }

    /** Only events of these types ({@code ev_type}); the others do not leave the server. */
    public Builder types(String... types) {
      this.types = List.of(types);
      return this;
    }

    /**
     * Only events of these tables, each as {@code watch_table} writes it ({@code ev_extra1}):
     * {@code schema.table}, quoted where SQL would need it. The others do not leave the server.
     */
    public Builder tables(String... tables) {
      this.tables = List.of(tables);
      return this;
    }

    /** Only batches of at least about so many events, filtered ones included; see minInterval. */
    public Builder minCount(int events) {
      this.minCount = events;
      return this;
    }

    /**
     * Only batches that cover at least so much time. Together with {@link #minCount} one of both is
     * enough; without it, fewer events than that wait until enough have come.
     */
    public Builder minInterval(Duration time) {
      this.minInterval = time;
      return this;
    }

    /**
     * Only events that are at least so old; they come up to as much again later. An idle consumer
     * asks once in this time.
     */
    public Builder minLag(Duration age) {
      this.minLag = age;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException if a setting is out of its range
     */
    public ConsumerConfig build() {
      return new ConsumerConfig(
          retryPolicy,
          pollInterval,
          minFallback,
          maxFallback,
          minBackoff,
          maxBackoff,
          bufferSize,
          register,
          new Intake(types, tables, minCount, minInterval, minLag));
    }
  }
}
