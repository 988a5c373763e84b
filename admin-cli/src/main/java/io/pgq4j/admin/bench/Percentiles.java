package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The distribution of many durations, to three significant digits. */
record Percentiles(Duration p50, Duration p90, Duration p99, Duration max) {
  private static final int DIGITS = 3;

  static Percentiles of(Histogram nanos) {
    return new Percentiles(at(nanos, 50), at(nanos, 90), at(nanos, 99), at(nanos, 100));
  }

  /** An empty histogram of nanoseconds. */
  static Histogram histogram() {
    return new Histogram(DIGITS);
  }

  private static Duration at(Histogram nanos, double percentile) {
    return Duration.ofNanos(nanos.getValueAtPercentile(percentile));
  }

  /** As cells of a table, in milliseconds. */
  String[] cells() {
    return new String[] {millis(p50), millis(p90), millis(p99), millis(max)};
  }

  static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.2f", duration.toNanos() / 1e6);
  }

  Map<String, @Nullable Object> json() {
    return JsonObject.of("p50_seconds", p50)
        .with("p90_seconds", p90)
        .with("p99_seconds", p99)
        .with("max_seconds", max)
        .map();
  }
}
