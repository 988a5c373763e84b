package io.pgq4j.consumers.telegram;

import java.time.Duration;
import java.util.Objects;

/**
 * At most {@code count} messages in any stretch of time as long as {@code period}.
 *
 * @param count at least 1
 * @param period above zero
 */
public record Rate(int count, Duration period) {
  /**
   * A rate.
   *
   * @throws IllegalArgumentException if {@code count} or {@code period} is not positive
   */
  public Rate {
    Objects.requireNonNull(period, "period");
    if (count < 1 || period.isZero() || period.isNegative()) {
      throw new IllegalArgumentException("a rate is at least 1 in a period above zero");
    }
  }

  /** So many in any second. */
  public static Rate perSecond(int count) {
    return new Rate(count, Duration.ofSeconds(1));
  }

  /** So many in any minute. */
  public static Rate perMinute(int count) {
    return new Rate(count, Duration.ofMinutes(1));
  }
}
