package io.pgq4j.admin.internal;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Durations as people read them and as programs do. */
public final class Durations {
  private static final String[] UNITS = {"d", "h", "m", "s"};

  private Durations() {}

  /**
   * A measured duration, at the precision that matters: {@code 0s, 12ms, 3.4s, 47s, 5m20s, 2d3h}.
   */
  public static String approximate(@Nullable Duration duration) {
    if (duration == null) {
      return "-";
    }
    if (duration.isNegative()) {
      return "-" + approximate(duration.negated());
    }
    if (duration.compareTo(Duration.ofSeconds(1)) < 0) {
      return duration.toMillis() == 0 ? "0s" : duration.toMillis() + "ms";
    }
    if (duration.compareTo(Duration.ofSeconds(10)) < 0) {
      return duration.toSeconds() + tenths(duration) + "s";
    }
    long[] parts = parts(duration);
    int first = 0;
    while (parts[first] == 0) {
      first++;
    }
    boolean second = first < 3 && parts[first + 1] > 0;
    return parts[first] + UNITS[first] + (second ? parts[first + 1] + UNITS[first + 1] : "");
  }

  /** A configured duration, nothing rounded away: {@code 0s, 1.5s, 2h, 1m30s}. */
  public static String exact(@Nullable Duration duration) {
    if (duration == null) {
      return "-";
    }
    if (duration.isNegative()) {
      return "-" + exact(duration.negated());
    }
    long[] parts = parts(duration);
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < 3; i++) {
      if (parts[i] > 0) {
        result.append(parts[i]).append(UNITS[i]);
      }
    }
    BigDecimal seconds = BigDecimal.valueOf(parts[3]).add(fraction(duration));
    if (seconds.signum() != 0 || result.isEmpty()) {
      result.append(seconds.stripTrailingZeros().toPlainString()).append('s');
    }
    return result.toString();
  }

  /** Seconds for JSON, exact. */
  public static BigDecimal seconds(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toSeconds()).add(fraction(duration));
    return seconds.signum() == 0 ? BigDecimal.ZERO : seconds.stripTrailingZeros();
  }

  private static BigDecimal fraction(Duration duration) {
    return BigDecimal.valueOf(duration.toNanosPart(), 9);
  }

  private static String tenths(Duration duration) {
    int tenths = duration.toMillisPart() / 100;
    return tenths == 0 ? "" : "." + tenths;
  }

  private static long[] parts(Duration duration) {
    return new long[] {
      duration.toDays(), duration.toHoursPart(), duration.toMinutesPart(), duration.toSecondsPart()
    };
  }
}
