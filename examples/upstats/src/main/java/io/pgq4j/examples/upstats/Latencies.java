package io.pgq4j.examples.upstats;

import java.time.Duration;

/**
 * A histogram of durations, in buckets of about one percent, so that any number of them needs the
 * same memory. Not thread-safe.
 */
final class Latencies {
  private static final double BUCKETS_PER_E = 100;

  private final long[] buckets = new long[4400];
  private long count;
  private long max;

  void add(long nanos) {
    long positive = Math.max(1, nanos);
    buckets[(int) (Math.log((double) positive) * BUCKETS_PER_E)]++;
    count++;
    max = Math.max(max, positive);
  }

  long count() {
    return count;
  }

  /**
   * The value that this share of all values does not exceed, within one percent; 0 if there is
   * none.
   */
  Duration quantile(double share) {
    long wanted = (long) Math.ceil(share * count);
    long seen = 0;
    for (int bucket = 0; bucket < buckets.length; bucket++) {
      seen += buckets[bucket];
      if (seen >= wanted && seen > 0) {
        long upper = (long) Math.exp((bucket + 1) / BUCKETS_PER_E);
        return Duration.ofNanos(Math.min(upper, max));
      }
    }
    return Duration.ZERO;
  }

  Duration max() {
    return Duration.ofNanos(max);
  }
}
