package io.pgq4j.admin.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A measurement as a page of its own: a plot for each number in which its rows differ, all numbers,
 * and where they were measured. No script, nothing from elsewhere; it is well-formed XML, too.
 */
final class HtmlReport {
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html xmlns="http://www.w3.org/1999/xhtml" lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width"/>
      <title>pgq-admin bench %1$s</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; }
      svg { width: 100%%; height: auto; }
      svg text { font-size: 13px; fill: currentColor; }
      rect { fill: #3b82c4; }
      div { overflow-x: auto; }
      table { border-collapse: collapse; }
      td, th { padding: .2rem .8rem; text-align: right; border-bottom: 1px solid #8884; }
      td:first-child, th:first-child { text-align: left; }
      </style>
      </head>
      <body>
      <h1>bench %1$s</h1>
      %2$s
      <h2>All numbers</h2>
      <div><table>
      %3$s</table></div>
      <h2>Where</h2>
      <div><table>
      %4$s</table></div>
      </body>
      </html>
      """;

  private static final int WIDTH = 640;
  private static final int ROW = 40;

  private final List<Map<String, Object>> rows;
  private final Set<String> columns = new LinkedHashSet<>();
  private final List<String> labels;

  private HtmlReport(List<Map<String, Object>> rows) {
    this.rows = rows;
    rows.forEach(row -> columns.addAll(row.keySet()));
    labels = labels();
  }

  /**
   * Renders.
   *
   * @param bench what was measured
   * @param results rows of texts, numbers, durations and maps of these
   * @param environment where
   */
  static String render(
      String bench, List<Map<String, @Nullable Object>> results, Map<String, ?> environment) {
    HtmlReport report = new HtmlReport(results.stream().map(HtmlReport::flat).toList());
    StringBuilder where = new StringBuilder();
    flat(environment)
        .forEach((name, value) -> where.append(line("td", List.of(name, text(value)))));
    return PAGE.formatted(escape(bench), report.plots(), report.table(), where);
  }

  /** Of maps within the map, the entries; what is not known is left out. */
  private static Map<String, Object> flat(Map<String, ?> row) {
    Map<String, Object> flat = new LinkedHashMap<>();
    row.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> inner) {
            inner.forEach((key, each) -> put(flat, name + " " + key, each));
          } else {
            put(flat, name, value);
          }
        });
    return flat;
  }

  private static void put(Map<String, Object> row, String name, @Nullable Object value) {
    if (value != null) {
      row.put(name, value);
    }
  }

  /** The texts of a row; and its first numbers, as many as it takes to tell the rows apart. */
  private List<String> labels() {
    List<String> naming = new ArrayList<>(columns);
    naming.removeIf(column -> rows.stream().noneMatch(row -> row.get(column) instanceof String));
    for (String column : columns) {
      if (Set.copyOf(labels(naming)).size() == rows.size()) {
        break;
      }
      if (!naming.contains(column)) {
        naming.add(column);
      }
    }
    return labels(naming);
  }

  private List<String> labels(List<String> naming) {
    return rows.stream()
        .map(
            row ->
                naming.stream()
                    .filter(row::containsKey)
                    .map(column -> label(column, row.get(column)))
                    .collect(Collectors.joining(", ")))
        .toList();
  }

  private static String label(String column, @Nullable Object value) {
    return value instanceof String ? value.toString() : column + " " + text(value);
  }

  private String plots() {
    StringBuilder plots = new StringBuilder();
    for (String column : columns) {
      List<Double> values = rows.stream().map(row -> number(row.get(column))).toList();
      if (values.stream().noneMatch(value -> value.isNaN())
          && values.stream().distinct().count() > 1) {
        plots
            .append("<h2>")
            .append(escape(title(column)))
            .append("</h2>\n")
            .append(plot(column, values));
      }
    }
    return plots.toString();
  }

  private String plot(String column, List<Double> values) {
    double most = values.stream().mapToDouble(Math::abs).max().orElse(1);
    StringBuilder svg = new StringBuilder();
    svg.append("<svg viewBox=\"0 0 %d %d\" role=\"img\">%n".formatted(WIDTH, ROW * values.size()));
    for (int i = 0; i < values.size(); i++) {
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"0\" y=\"%d\">%s: %s</text><rect x=\"0\" y=\"%d\" width=\"%.1f\" height=\"14\"/>%n",
              i * ROW + 14,
              escape(labels.get(i)),
              escape(text(rows.get(i).get(column))),
              i * ROW + 19,
              Math.abs(values.get(i)) / most * WIDTH));
    }
    return svg.append("</svg>\n").toString();
  }

  private String table() {
    List<String> head = columns.stream().map(HtmlReport::title).toList();
    return line("th", head)
        + rows.stream()
            .map(row -> line("td", columns.stream().map(column -> text(row.get(column))).toList()))
            .collect(Collectors.joining());
  }

  private static String line(String tag, List<String> cells) {
    return cells.stream()
        .map(cell -> "<%1$s>%2$s</%1$s>".formatted(tag, escape(cell)))
        .collect(Collectors.joining("", "<tr>", "</tr>\n"));
  }

  /** A key of the JSON as words; durations are shown in milliseconds. */
  private static String title(String column) {
    return column.replaceFirst("_seconds$", ", ms").replace('_', ' ');
  }

  private static double number(@Nullable Object value) {
    if (value instanceof Duration duration) {
      return duration.toNanos() / 1e6;
    }
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Duration || value instanceof Double) {
      return String.format(Locale.ROOT, "%.3f", number(value)).replaceFirst("\\.?0+$", "");
    }
    return value == null ? "" : value.toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
