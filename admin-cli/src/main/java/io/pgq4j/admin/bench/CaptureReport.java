package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.TextTable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench capture} found.
 *
 * @param tables the bare one first, then the watched one, then PgQ's if it was measured
 */
record CaptureReport(int rows, List<Row> tables) implements Report {

  /** One table. */
  record Row(String table, Duration median, Duration min, Duration max) {
    static Row of(String table, List<Duration> times) {
      List<Duration> sorted = times.stream().sorted().toList();
      return new Row(table, median(sorted), sorted.get(0), Collections.max(sorted));
    }

    private static Duration median(List<Duration> sorted) {
      int half = sorted.size() / 2;
      return sorted.size() % 2 == 1
          ? sorted.get(half)
          : sorted.get(half - 1).plus(sorted.get(half)).dividedBy(2);
    }

    double ratioTo(Row other) {
      return (double) median.toNanos() / other.median.toNanos();
    }
  }

  private Row bare() {
    return tables.get(0);
  }

  private @Nullable Row peer() {
    return tables.size() > 2 ? tables.get(2) : null;
  }

  @Override
  public void print(PrintWriter out) {
    TextTable table =
        new TextTable(
            "INSERT of " + rows + " rows, ms", "Median", "Min", "Max", "us/row", "/bare", "/PgQ");
    for (Row row : tables) {
      Row peer = peer();
      table.row(
          row.table(),
          Percentiles.millis(row.median()),
          Percentiles.millis(row.min()),
          Percentiles.millis(row.max()),
          ratio(row.median().toNanos() / 1e3 / rows),
          ratio(row.ratioTo(bare())),
          peer == null ? "-" : ratio(row.ratioTo(peer)));
    }
    table.print(out);
  }

  private static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  @Override
  public List<Map<String, @Nullable Object>> json() {
    Row peer = peer();
    return tables.stream()
        .map(
            row ->
                JsonObject.of("table", row.table())
                    .with("rows", rows)
                    .with("median_seconds", row.median())
                    .with("min_seconds", row.min())
                    .with("max_seconds", row.max())
                    .with("ratio_to_bare", row.ratioTo(bare()))
                    .with("ratio_to_peer", peer == null ? null : row.ratioTo(peer))
                    .map())
        .toList();
  }
}
