package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.TextTable;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What contests found: how much each contestant did in a second. */
record RatesReport(List<Section> sections) implements Report {

  /**
   * One contest.
   *
   * @param what was counted, in the plural
   * @param results the first is what the others are compared with, and so is the peer if there is
   *     one
   */
  record Section(String title, String what, List<Contest.Result> results) {
    @Nullable Double ratioToFirst(Contest.Result one) {
      return ratio(one, results.get(0));
    }

    @Nullable Double ratioToPeer(Contest.Result one) {
      return results.stream()
          .filter(result -> result.name().equals(Peer.NAME))
          .findFirst()
          .map(peer -> ratio(one, peer))
          .orElse(null);
    }

    /** The median of the rounds' ratios: both had the same neighbours in a round. */
    private static double ratio(Contest.Result one, Contest.Result other) {
      return median(
          IntStream.range(0, one.rates().size())
              .mapToObj(i -> one.rates().get(i) / other.rates().get(i))
              .toList());
    }
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  @Override
  public void print(PrintWriter out) {
    TextTable table = new TextTable("", "Per second", "Min", "Max", "us each", "/first", "/PgQ");
    for (Section section : sections) {
      table.title(section.title() + " (" + section.what() + "):");
      for (Contest.Result result : section.results()) {
        double median = median(result.rates());
        table.row(
            result.name(),
            number(median),
            number(Collections.min(result.rates())),
            number(Collections.max(result.rates())),
            String.format(Locale.ROOT, "%.1f", 1e6 / median),
            ratio(section.ratioToFirst(result)),
            ratio(section.ratioToPeer(result)));
      }
    }
    table.print(out);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 1_000 ? "%.1f" : "%.0f", value);
  }

  private static String ratio(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.2f", value);
  }

  @Override
  public List<Map<String, @Nullable Object>> json() {
    return sections.stream()
        .flatMap(
            section ->
                section.results().stream()
                    .map(
                        result ->
                            JsonObject.of("contest", section.title())
                                .with("contestant", result.name())
                                .with("counted", section.what())
                                .with("per_second", median(result.rates()))
                                .with("min_per_second", Collections.min(result.rates()))
                                .with("max_per_second", Collections.max(result.rates()))
                                .with("ratio_to_first", section.ratioToFirst(result))
                                .with("ratio_to_peer", section.ratioToPeer(result))
                                .map()))
        .toList();
  }
}
