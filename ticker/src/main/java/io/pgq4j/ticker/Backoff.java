package io.pgq4j.ticker;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses after failures in a row: 100 ms, doubling up to 5 s, each up to a fifth shorter by chance
 * so that several tickers do not come back in step. For one thread.
 */
final class Backoff {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 5_000;
  private static final double JITTER = 0.2;

  private long millis = FIRST_MILLIS;

  Duration next() {
    double jitter = 1 - JITTER * ThreadLocalRandom.current().nextDouble();
    Duration pause = Duration.ofNanos((long) (millis * jitter * 1e6));
    millis = Math.min(millis * 2, LONGEST_MILLIS);
    return pause;
  }

  void reset() {
    millis = FIRST_MILLIS;
  }
}
