package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.TextTable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code bench batches} found.
 *
 * @param held empty: not measured
 */
record BatchesReport(RatesReport free, List<Held> held) implements Report {

  /**
   * What became of a contestant while a transaction was open.
   *
   * @param start batches per second, in the first tenth of the time
   * @param end the same in the last
   * @param deadTuples in its tables at the end
   */
  record Held(String name, Duration time, double start, double end, long deadTuples) {
    double endToStart() {
      return end / start;
    }
  }

  @Override
  public void print(PrintWriter out) {
    free.print(out);
    if (held.isEmpty()) {
      return;
    }
    out.println();
    TextTable table = new TextTable("", "First tenth/s", "Last tenth/s", "End/start", "Dead rows");
    table.title("While a transaction was open for " + held.get(0).time().toSeconds() + " s:");
    for (Held one : held) {
      table.row(
          one.name(),
          format("%.1f", one.start()),
          format("%.1f", one.end()),
          format("%.2f", one.endToStart()),
          Long.toString(one.deadTuples()));
    }
    table.print(out);
  }

  private static String format(String pattern, double value) {
    return String.format(Locale.ROOT, pattern, value);
  }

  @Override
  public List<Map<String, @Nullable Object>> json() {
    List<Map<String, @Nullable Object>> all = new ArrayList<>(free.json());
    for (Held one : held) {
      all.add(
          JsonObject.of("contest", "open transaction")
              .with("contestant", one.name())
              .with("time_seconds", one.time())
              .with("start_per_second", one.start())
              .with("end_per_second", one.end())
              .with("end_to_start", one.endToStart())
              .with("dead_tuples", one.deadTuples())
              .map());
    }
    return all;
  }
}
