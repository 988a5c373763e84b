package io.pgq4j.ticker;

import java.time.Duration;

/**
 * How long a busy ticker rests between two ticks: at least the configured minimum, and so long that
 * ticking takes no more than its share of the time. The cost of a tick is a moving average, so that
 * a single slow commit does not delay the ticks after it. For one thread.
 */
final class Pacing {
  private static final double WEIGHT_OF_LATEST = 0.2;
  private static final double LONGEST_NANOS = 1e9;

  private final double leastNanos;
  private final double restPerCost;
  private double costNanos = -1;

  Pacing(Duration least, double share) {
    leastNanos = least.toNanos();
    restPerCost = (1 - share) / share;
  }

  void spent(long nanos) {
    costNanos = costNanos < 0 ? nanos : costNanos + WEIGHT_OF_LATEST * (nanos - costNanos);
  }

  Duration rest() {
    double wanted = Math.max(leastNanos, Math.max(costNanos, 0) * restPerCost);
    return Duration.ofNanos((long) Math.min(wanted, LONGEST_NANOS));
  }
}
