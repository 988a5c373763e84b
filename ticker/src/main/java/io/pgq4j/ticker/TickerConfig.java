package io.pgq4j.ticker;

import java.time.Duration;
import java.util.Objects;

/**
 * How a {@link Ticker} works. Immutable; made by {@link #builder()}, whose comment lists the
 * defaults.
 */
public final class TickerConfig {
  private static final Duration SHORTEST_LEASE = Duration.ofMillis(1500);

  private final String name;
  private final Duration minTickInterval;
  private final double busyShare;
  private final Duration heartbeat;
  private final Duration standbyInterval;
  private final Duration maintenancePeriod;
  private final Duration compactionPeriod;
  private final Duration lockTimeout;
  private final boolean pooled;
  private final Duration pollInterval;

  private TickerConfig(Builder builder) {
    name = builder.name;
    minTickInterval = builder.minTickInterval;
    busyShare = builder.busyShare;
    heartbeat = builder.heartbeat;
    standbyInterval = builder.standbyInterval;
    maintenancePeriod = builder.maintenancePeriod;
    compactionPeriod = builder.compactionPeriod;
    lockTimeout = builder.lockTimeout;
    pooled = builder.pooled;
    pollInterval = builder.pollInterval;
  }

  /** The defaults. */
  public static TickerConfig defaults() {
    return builder().build();
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** See {@link Builder#name}. */
  public String name() {
    return name;
  }

  /** See {@link Builder#minTickInterval}. */
  public Duration minTickInterval() {
    return minTickInterval;
  }

  /** See {@link Builder#busyShare}. */
  public double busyShare() {
    return busyShare;
  }

  /** See {@link Builder#heartbeat}. */
  public Duration heartbeat() {
    return heartbeat;
  }

  /** See {@link Builder#standbyInterval}. */
  public Duration standbyInterval() {
    return standbyInterval;
  }

  /** See {@link Builder#maintenancePeriod}. */
  public Duration maintenancePeriod() {
    return maintenancePeriod;
  }

  /** See {@link Builder#compactionPeriod}. */
  public Duration compactionPeriod() {
    return compactionPeriod;
  }

  /** See {@link Builder#lockTimeout}. */
  public Duration lockTimeout() {
    return lockTimeout;
  }

  /** See {@link Builder#pooled}. */
  public boolean pooled() {
    return pooled;
  }

  /** See {@link Builder#pollInterval}. */
  public Duration pollInterval() {
    return pollInterval;
  }

  /** How long a pooled ticker that gives no sign of life keeps the lead. */
  Duration lease() {
    Duration three = pollInterval.multipliedBy(3);
    return three.compareTo(SHORTEST_LEASE) < 0 ? SHORTEST_LEASE : three;
  }

  /**
   * Builds {@link TickerConfig}s. Defaults:
   *
   * <ul>
   *   <li>name: {@code ticker}
   *   <li>minTickInterval: 1 ms
   *   <li>busyShare: 0.3
   *   <li>heartbeat: 10 s
   *   <li>standbyInterval: 1.5 s
   *   <li>maintenancePeriod: 1 min
   *   <li>compactionPeriod: 1 s
   *   <li>lockTimeout: 1 s
   *   <li>pooled: false
   *   <li>pollInterval: 500 ms
   * </ul>
   *
   * <p>A builder may be used again; configurations already built do not change. Not thread-safe.
   */
  public static final class Builder {
    private static final Duration SHORTEST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(1);

    private String name = "ticker";
    private Duration minTickInterval = Duration.ofMillis(1);
    private double busyShare = 0.3;
    private Duration heartbeat = Duration.ofSeconds(10);
    private Duration standbyInterval = Duration.ofMillis(1500);
    private Duration maintenancePeriod = Duration.ofMinutes(1);
    private Duration compactionPeriod = Duration.ofSeconds(1);
    private Duration lockTimeout = Duration.ofSeconds(1);
    private boolean pooled;
    private Duration pollInterval = Duration.ofMillis(500);

    private Builder() {}

    /**
     * What the ticker is called in log lines and thread names.
     *
     * @throws IllegalArgumentException if the name is empty
     */
    public Builder name(String name) {
      if (name.isBlank()) {
        throw new IllegalArgumentException("name: must not be empty");
      }
      this.name = name;
      return this;
    }

    /**
     * How long a busy ticker rests between two ticks at least. Shorter is sooner and dearer.
     *
     * @throws IllegalArgumentException if it is not between 1 ms and 1 day
     */
    public Builder minTickInterval(Duration interval) {
      minTickInterval = checked("minTickInterval", interval);
      return this;
    }

    /**
     * The part of one core that a busy ticker takes at most, on the server and here; it rests
     * longer than {@link #minTickInterval} if ticks cost more.
     *
     * @throws IllegalArgumentException if it is not above 0 and at most 1
     */
    public Builder busyShare(double share) {
      if (!(share > 0 && share <= 1)) {
        throw new IllegalArgumentException("busyShare: must be above 0 and at most 1");
      }
      busyShare = share;
      return this;
    }

    /**
     * How often a sleeping ticker looks at the queues although nobody woke it. A safety net: it
     * bounds the delay after a notification that was lost with its connection.
     *
     * @throws IllegalArgumentException if it is not between 1 ms and 1 day
     */
    public Builder heartbeat(Duration interval) {
      heartbeat = checked("heartbeat", interval);
      return this;
    }

    /**
     * How often a standby asks whether it can lead. Who stops tells it; so this is how long nobody
     * ticks after a leader was killed. With a leader and a standby an idle database is asked less
     * than once a second.
     *
     * @throws IllegalArgumentException if it is not between 1 ms and 1 day
     */
    public Builder standbyInterval(Duration interval) {
      standbyInterval = checked("standbyInterval", interval);
      return this;
    }

    /**
     * How often the ticker looks for rotations that are due and for tables of dropped queues.
     *
     * @throws IllegalArgumentException if it is not between 1 ms and 1 day
     */
    public Builder maintenancePeriod(Duration period) {
      maintenancePeriod = checked("maintenancePeriod", period);
      return this;
    }

    /**
     * How often ticks and positions are compacted while there are ticks.
     *
     * @throws IllegalArgumentException if it is not between 1 ms and 1 day
     */
    public Builder compactionPeriod(Duration period) {
      compactionPeriod = checked("compactionPeriod", period);
      return this;
    }

    /**
     * How long maintenance waits for a lock before it leaves the work to the next round.
     *
     * @throws IllegalArgumentException if it is not between 1 ms and 1 day
     */
    public Builder lockTimeout(Duration timeout) {
      lockTimeout = checked("lockTimeout", timeout);
      return this;
    }

    /**
     * Whether a transaction-pooling proxy stands between here and the server. Then there is no
     * session to hold the leader's lock or to be woken in: the ticker leads by a lease, and polls.
     */
    public Builder pooled(boolean isPooled) {
      pooled = isPooled;
      return this;
    }

    /**
     * The longest pause between two polls of a pooled ticker, to which it comes in nine polls after
     * a tick. That is how late the first event after a quiet time is at most, and it costs a query
     * each. A third of the time after which another one takes the lead, which is 1.5 s at least.
     *
     * @throws IllegalArgumentException if it is not between 1 ms and 1 day
     */
    public Builder pollInterval(Duration interval) {
      pollInterval = checked("pollInterval", interval);
      return this;
    }

    /** A configuration with the values set so far. */
    public TickerConfig build() {
      return new TickerConfig(this);
    }

    private static Duration checked(String option, Duration value) {
      Objects.requireNonNull(value, option);
      if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
        throw new IllegalArgumentException(option + ": must be between 1 ms and 1 day");
      }
      return value;
    }
  }
}
