package io.pgq4j.admin.internal;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints results as CSV (RFC 4180, lines end in a line feed): a line of names, then the values as
 * JSON has them, without quotes where none are needed; null is empty. Unlike the other forms it is
 * exact and escapes no control characters, since there is no way to.
 */
final class Csv {
  private Csv() {}

  static void line(PrintWriter out, Iterable<? extends @Nullable Object> values) {
    List<String> cells = new ArrayList<>();
    values.forEach(value -> cells.add(cell(value)));
    out.print(String.join(",", cells) + "\n");
  }

  private static String cell(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    String text =
        value instanceof Duration duration
            ? Durations.seconds(duration).toPlainString()
            : value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(";"))
                : value.toString();
    boolean quotes = text.isEmpty() || text.chars().anyMatch(c -> "\",\r\n".indexOf(c) >= 0);
    return quotes ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  /**
   * Prints an object: a row for each element of a list of objects in it, else one row. The columns
   * of what is further inside are named by their path.
   */
  static void print(PrintWriter out, Map<String, ?> object) {
    List<Map<String, @Nullable Object>> rows = List.of(new LinkedHashMap<>());
    for (Map.Entry<String, ?> field : object.entrySet()) {
      boolean isList = !objects(field.getValue()).isEmpty();
      rows = joined(rows, isList ? "" : field.getKey(), field.getValue());
    }
    Set<String> columns = new LinkedHashSet<>();
    rows.forEach(row -> columns.addAll(row.keySet()));
    if (!columns.isEmpty()) {
      line(out, columns);
      rows.forEach(
          row ->
              line(
                  out,
                  columns.stream().map(row::get).collect(Collectors.toCollection(ArrayList::new))));
    }
  }

  private static List<Map<String, @Nullable Object>> rows(Map<?, ?> object) {
    List<Map<String, @Nullable Object>> rows = List.of(new LinkedHashMap<>());
    for (Map.Entry<?, ?> field : object.entrySet()) {
      rows = joined(rows, String.valueOf(field.getKey()), field.getValue());
    }
    return rows;
  }

  /** Each row with what a field of it says: once for each element of a list of objects. */
  private static List<Map<String, @Nullable Object>> joined(
      List<Map<String, @Nullable Object>> rows, String name, @Nullable Object value) {
    List<?> elements = value instanceof Map<?, ?> ? List.of(value) : objects(value);
    String path = name.isEmpty() ? "" : name + ".";
    List<Map<String, @Nullable Object>> result = new ArrayList<>();
    for (Map<String, @Nullable Object> row : rows) {
      for (Object element : elements) {
        for (Map<String, @Nullable Object> inner : rows((Map<?, ?>) element)) {
          Map<String, @Nullable Object> longer = new LinkedHashMap<>(row);
          inner.forEach((key, cell) -> longer.put(path + key, cell));
          result.add(longer);
        }
      }
      if (elements.isEmpty()) {
        if (!List.of().equals(value)) {
          row.put(name, value);
        }
        result.add(row);
      }
    }
    return result;
  }

  private static List<?> objects(@Nullable Object value) {
    return value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)
        ? list
        : List.of();
  }
}
