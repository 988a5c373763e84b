package io.pgq4j;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ConsumerRunner} runs a consumer; see {@link Builder} for what each setting means.
 *
 * @param retryPolicy null: the settings of the queue decide
 * @param bufferSize in bytes
 * @param parallelism on which threads events are processed, and until when
 * @param circuit when it stops trying for a while
 * @param membership null: it shares its batches with nobody
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
    Intake intake,
    Parallelism parallelism,
    Circuit circuit,
    @Nullable Membership membership) {

  public ConsumerConfig {
    checkPositive("pollInterval", pollInterval);
    checkRange("fallback", minFallback, maxFallback);
    checkRange("backoff", minBackoff, maxBackoff);
    if (bufferSize < 0) {
      throw new IllegalArgumentException("bufferSize must not be negative");
    }
    if (membership != null && parallelism.order() == Order.BY_KEY) {
      throw new IllegalArgumentException(
          "members have batches at the same time, so events of a key would be in no order: choose"
              + " byKey without member, or unordered with it");
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

  static void checkPositive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive");
    }
  }

  static void checkRange(String name, Duration min, Duration max) {
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
   *   <li>{@link #minCount}, {@link #minInterval}, {@link #minLag}, {@link #pace}: none, a batch is
   *       taken as soon as there is one
   *   <li>{@link #byKey}, {@link #unordered}: neither, events are processed one after the other
   *   <li>{@link #executor}: threads of the runner, as many as there are workers
   *   <li>{@link #deadline}: none
   *   <li>{@link #maxHanging}: 10
   *   <li>{@link #circuitBreaker}: 20 failures, 1 s to 1 min
   *   <li>{@link #member}: no, it has its batches for itself
   *   <li>{@link #deadAfter}: 10 s
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
    private @Nullable Duration pace;
    private Order order = Order.SEQUENTIAL;
    private int workers = 1;
    private @Nullable Executor executor;
    private @Nullable Duration deadline;
    private int maxHanging = 10;
    private int circuitFailures = 20;
    private Duration minCircuitPause = Duration.ofSeconds(1);
    private Duration maxCircuitPause = Duration.ofMinutes(1);
    private boolean isMember;
    private @Nullable String member;
    private Duration deadAfter = Duration.ofSeconds(10);

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
     * At most one batch in this time, from start to start, which then has all there is. So what
     * comes after a quiet time comes at once, and what comes in a busy one at the latest after this
     * time. Not together with the three above.
     */
    public Builder pace(Duration time) {
      this.pace = time;
      return this;
    }

    /**
     * Processes events side by side, those with the same {@link Consumer#key} one after the other.
     * Their order stays also when one of them fails: the later ones wait in the database until it
     * is done or given up, and other keys go on. At least 1 worker.
     */
    public Builder byKey(int workers) {
      this.order = Order.BY_KEY;
      this.workers = workers;
      return this;
    }

    /** Processes events of a batch side by side, in any order. At least 1 worker. */
    public Builder unordered(int workers) {
      this.order = Order.NONE;
      this.workers = workers;
      return this;
    }

    /**
     * What runs the workers, such as {@code Executors.newVirtualThreadPerTaskExecutor()}; it has to
     * offer as many threads as there are workers, and is not shut down. A thread that hangs after
     * its {@link #deadline} is not given back to it.
     */
    public Builder executor(Executor executor) {
      this.executor = executor;
      return this;
    }

    /**
     * How long the processing of one event may take. Then it is interrupted and has failed with a
     * {@link DeadlineExceededException}; what it does or answers later does not matter. It is not
     * called on the consumer's own thread any more.
     */
    public Builder deadline(Duration deadline) {
      this.deadline = deadline;
      return this;
    }

    /**
     * How many threads may be left behind because they did not react to the interrupt at their
     * {@link #deadline}; one more stops the consumer ({@link ConsumerState#FAILED}). 0 or more.
     */
    public Builder maxHanging(int threads) {
      this.maxHanging = threads;
      return this;
    }

    /**
     * After so many failures in a row nothing is tried for a while: something that all events need
     * may be out of order. After the pause one event is tried; if that fails too, it comes again
     * later, and after a longer pause another one is tried. Attempts do not count meanwhile.
     * Failures after which an event is not retried do not count either. Not for a consumer that
     * overrides {@link Consumer#processBatch}, nor for a {@link TransactionalConsumer}.
     *
     * @param failures how many; 0: never
     */
    public Builder circuitBreaker(int failures, Duration shortest, Duration longest) {
      this.circuitFailures = failures;
      this.minCircuitPause = shortest;
      this.maxCircuitPause = longest;
      return this;
    }

    /**
     * Shares the consumer's batches with other members: each batch goes to one of them. The name
     * has to be another one for each process, and the same after a restart.
     */
    public Builder member(String name) {
      this.isMember = true;
      this.member = name;
      return this;
    }

    /**
     * The same under a name that is made up at the start: it is unregistered when the consumer
     * stops, or by others when nothing was heard of it for a day.
     */
    public Builder member() {
      this.isMember = true;
      this.member = null;
      return this;
    }

    /**
     * After what time without a sign of life the batch of a {@link #member} is taken over by
     * another one. A member gives a sign three times as often, also while its batch is being
     * processed.
     */
    public Builder deadAfter(Duration silence) {
      this.deadAfter = silence;
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
          new Intake(types, tables, minCount, minInterval, minLag, pace),
          new Parallelism(order, workers, executor, deadline, maxHanging),
          new Circuit(circuitFailures, minCircuitPause, maxCircuitPause),
          isMember ? new Membership(member, deadAfter) : null);
    }
  }
}
