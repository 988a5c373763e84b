package io.pgq4j.internal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Exponential backoff with jitter. Jitter may exceed {@code max} by its part of it.
 *
 * @param jitter by what part of itself a pause varies, 0 to 1
 */
public record Backoff(Duration first, Duration max, double factor, double jitter) {

  /** Pauses that double, with 10 % jitter. */
  public static Backoff between(Duration first, Duration max) {
    return new Backoff(first, max, 2, 0.1);
  }

  /**
   * The pause after the given number of failures in a row.
   *
   * @param failures at least 1
   */
  public Duration delay(int failures) {
    double millis =
        Math.min(
            (double) max.toMillis(),
            first.toMillis() * Math.pow(factor, Math.max(0, failures - 1)));
    double spread = jitter * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return Duration.ofMillis(Math.round(millis * (1 + spread)));
  }
}
