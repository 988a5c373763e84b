package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.TextTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What {@code bench latency} found. */
record LatencyReport(int consumers, List<Row> rows) implements Report {

  /**
   * One rate with one system.
   *
   * @param contestant the system
   * @param events how many were measured; each at all consumers
   * @param batches per second, of one consumer
   */
  record Row(
      String contestant,
      int rate,
      int events,
      Percentiles fromCommit,
      Percentiles fromSchedule,
      double ticks,
      double batches) {}

  @Override
  public void print(PrintWriter out) {
    TextTable table =
        new TextTable(
            "Events/s, times in ms", "Events", "p50", "p90", "p99", "Max", "Ticks/s", "Batches/s");
    table.title("Commit to consumer:");
    rows.forEach(row -> table.row(rate(row), cells(row, Row::fromCommit)));
    table.title("Schedule to consumer:");
    rows.forEach(row -> table.row(rate(row), cells(row, Row::fromSchedule)));
    table.print(out);
  }

  private String rate(Row row) {
    boolean alone = rows.stream().map(Row::contestant).distinct().count() == 1;
    return row.rate() + (alone ? "" : " " + row.contestant());
  }

  private static String[] cells(Row row, Function<Row, Percentiles> times) {
    List<String> cells = new ArrayList<>();
    cells.add(Integer.toString(row.events()));
    cells.addAll(List.of(times.apply(row).cells()));
    cells.add(perSecond(row.ticks()));
    cells.add(perSecond(row.batches()));
    return cells.toArray(String[]::new);
  }

  private static String perSecond(double rate) {
    return String.format(Locale.ROOT, "%.1f", rate);
  }

  @Override
  public List<Map<String, @Nullable Object>> json() {
    return rows.stream()
        .map(
            row ->
                JsonObject.of("contestant", row.contestant())
                    .with("rate", row.rate())
                    .with("consumers", consumers)
                    .with("events", row.events())
                    .with("commit_to_consumer", row.fromCommit().json())
                    .with("schedule_to_consumer", row.fromSchedule().json())
                    .with("ticks_per_second", row.ticks())
                    .with("batches_per_second", row.batches())
                    .map())
        .toList();
  }
}
