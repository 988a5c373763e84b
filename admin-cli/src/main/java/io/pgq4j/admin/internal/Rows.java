package io.pgq4j.admin.internal;

import io.pgq4j.QueueException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a result, all with the same columns: the one place that knows how they look as a table,
 * as JSON and as CSV. A column whose name ends in {@code _seconds} holds a time span in seconds.
 */
public final class Rows {
  private static final String SECONDS = "_seconds";

  private final String name;
  private final List<String> columns;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  private Rows(String name, List<String> columns) {
    this.name = name;
    this.columns = columns;
  }

  /**
   * No rows yet.
   *
   * @param name what they are, as JSON calls their list
   * @param columns their names, in lower case with underscores
   */
  public static Rows of(String name, String... columns) {
    return new Rows(name, List.of(columns));
  }

  /**
   * What a query answers; its columns have their names from it.
   *
   * @param parameters of the query; null where it has a null
   */
  public static Rows query(
      Connection connection, String name, String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet answer = statement.executeQuery()) {
        Rows rows = new Rows(name, columns(answer.getMetaData()));
        while (answer.next()) {
          rows.rows.add(row(answer, rows.columns.size()));
        }
        return rows;
      }
    } catch (SQLException e) {
      throw QueueException.of(e);
    }
  }

  private static List<String> columns(ResultSetMetaData data) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      columns.add(data.getColumnLabel(i));
    }
    return columns;
  }

  private static List<@Nullable Object> row(ResultSet answer, int columns) throws SQLException {
    List<@Nullable Object> row = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      Object value = answer.getObject(i);
      if (value instanceof java.sql.Timestamp) {
        value = answer.getObject(i, OffsetDateTime.class).toInstant();
      } else if (value instanceof Array array) {
        value = Arrays.asList((Object[]) array.getArray());
      }
      row.add(value);
    }
    return row;
  }

  /** Adds a row: a value for each column, of the kinds that {@link JsonObject#with} takes. */
  public Rows add(@Nullable Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          columns.size() + " values are needed, not " + values.length);
    }
    rows.add(Collections.unmodifiableList(Arrays.asList(values)));
    return this;
  }

  public boolean isEmpty() {
    return rows.isEmpty();
  }

  public int size() {
    return rows.size();
  }

  /** The only value there is, a number. */
  public long number() {
    return ((Number) Objects.requireNonNull(rows.get(0).get(0))).longValue();
  }

  /** The only value there is, a text. */
  public String text() {
    return String.valueOf(rows.get(0).get(0));
  }

  /** Hands out the rows. */
  public void each(Consumer<List<@Nullable Object>> to) {
    rows.forEach(to);
  }

  /** As {@link #print}, but a table has a line for each value: for few rows with long texts. */
  void printDetails(PrintWriter out, OutputFormat format, Terminal terminal) {
    if (format != OutputFormat.TABLE) {
      print(out, format, terminal);
      return;
    }
    int width = columns.stream().mapToInt(column -> title(column).length()).max().orElse(0) + 2;
    String between = "";
    for (List<@Nullable Object> row : rows) {
      out.print(between);
      between = System.lineSeparator();
      for (int i = 0; i < row.size(); i++) {
        if (row.get(i) != null) {
          String title = title(columns.get(i));
          out.print(terminal.bold(title) + " ".repeat(width - title.length()));
          out.println(detail(columns.get(i), row.get(i)).replace("\n", "\n" + " ".repeat(width)));
        }
      }
    }
  }

  /** JSON is laid out, other texts keep their lines. */
  private static String detail(String column, @Nullable Object value) {
    if (!(value instanceof String text)) {
      return cell(column, value);
    }
    return PrettyJson.of(text)
        .orElseGet(() -> String.join("\n", text.lines().map(Printable::name).toList()));
  }

  void print(PrintWriter out, OutputFormat format, Terminal terminal) {
    switch (format) {
      case JSON -> Json.print(out, Map.of(name, rows.stream().map(this::json).toList()));
      case CSV -> {
        Csv.line(out, columns);
        rows.forEach(row -> Csv.line(out, row));
      }
      case TABLE -> table().print(out, terminal);
    }
  }

  private Map<String, @Nullable Object> json(List<@Nullable Object> row) {
    JsonObject json = JsonObject.of(columns.get(0), row.get(0));
    for (int i = 1; i < row.size(); i++) {
      json.with(columns.get(i), row.get(i));
    }
    return json.map();
  }

  private TextTable table() {
    List<String> header = new ArrayList<>();
    List<Boolean> left = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      header.add(title(columns.get(i)));
      left.add(
          rows.stream().noneMatch(row -> row.get(column) instanceof Number)
              && !columns.get(i).endsWith(SECONDS));
    }
    TextTable table = TextTable.compact(header, left);
    for (List<@Nullable Object> row : rows) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        cells.add(cell(columns.get(i), row.get(i)));
      }
      table.row(cells);
    }
    return table;
  }

  /** {@code last_seen_seconds} is titled {@code Last seen}. */
  private static String title(String column) {
    String words =
        (column.endsWith(SECONDS)
                ? column.substring(0, column.length() - SECONDS.length())
                : column)
            .replace('_', ' ');
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static String cell(String column, @Nullable Object value) {
    if (value == null) {
      return "-";
    }
    if (value instanceof Duration duration) {
      return Durations.approximate(duration);
    }
    if (column.endsWith(SECONDS) && value instanceof BigDecimal seconds) {
      return Durations.approximate(Duration.ofNanos(seconds.movePointRight(9).longValue()));
    }
    if (value instanceof Instant time) {
      return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
    if (value instanceof Boolean yes) {
      return yes ? "yes" : "no";
    }
    return Printable.name(
        value instanceof List<?> list
            ? String.join(", ", list.stream().map(String::valueOf).toList())
            : value.toString());
  }
}
