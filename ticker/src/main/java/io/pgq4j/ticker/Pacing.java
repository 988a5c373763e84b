package io.pgq4j.ticker;

import java.time.Duration;

/**
 * How long a busy ticker rests between two ticks: at least the configured minimum, and so long that
 * ticking takes no more than its share of the time. The cost of a tick is a moving average that
 * falls at once and rises slowly: what is measured is what a tick computes and, now and then, what
 * it waited for a core. For one thread.
 */
final class Pacing {
  private static final double WEIGHT_OF_CHEAPER = 0.5;
  private static final double WEIGHT_OF_DEARER = 0.05;
  private static final double LONGEST_NANOS = 1e9;

  private final double leastNanos;
  private final double restPerCost;
  private double costNanos = -1;

  Pacing(Duration least, double share) {
    leastNanos = least.toNanos();
    restPerCost = (1 - share) / share;
  }

  void spent(long nanos) {
    double weight = nanos < costNanos ? WEIGHT_OF_CHEAPER : WEIGHT_OF_DEARER;
    costNanos = costNanos < 0 ? nanos : costNanos + weight * (nanos - costNanos);
  }

  /** What a tick costs, by the moving average; negative: not known yet. */
  double cost() {
    return costNanos;
  }

  Duration rest() {
    double wanted = Math.max(leastNanos, Math.max(costNanos, 0) * restPerCost);
    return Duration.ofNanos((long) Math.min(wanted, LONGEST_NANOS));
  }
}
