package io.pgq4j.admin.doctor;

import io.pgq4j.admin.internal.Durations;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGInterval;

/** What a check's query has found: texts by the names of its columns. */
record FoundRow(Map<String, String> texts) {
  private static final Pattern COLUMN = Pattern.compile("\\{(\\w+)}");
  private static final Pattern PLAIN_WORD = Pattern.compile("[\\w.,:/=@%+-]*");

  static FoundRow of(ResultSet row) throws SQLException {
    ResultSetMetaData columns = row.getMetaData();
    Map<String, String> texts = new HashMap<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      texts.put(columns.getColumnLabel(i), text(row.getObject(i)));
    }
    return new FoundRow(texts);
  }

  private static String text(@Nullable Object value) {
    if (value instanceof PGInterval interval) {
      Duration duration =
          Duration.ofDays(interval.getDays())
              .plusHours(interval.getHours())
              .plusMinutes(interval.getMinutes())
              .plusSeconds(interval.getWholeSeconds());
      return Durations.approximate(duration);
    }
    return value == null ? "" : value.toString();
  }

  String text(String column) {
    return Objects.requireNonNull(texts.get(column), column);
  }

  String sentence(String template) {
    return fillIn(template, UnaryOperator.identity());
  }

  /** For a shell: what is not plain is quoted, and no name passes for an option. */
  String command(String template) {
    boolean optionLike =
        template.startsWith("pgq-admin ")
            && texts.values().stream().anyMatch(t -> t.startsWith("-"));
    String safe = optionLike ? template.replaceFirst("\\{", "-- {") : template;
    return fillIn(safe, FoundRow::shellWord).strip();
  }

  private String fillIn(String template, UnaryOperator<String> form) {
    return COLUMN
        .matcher(template)
        .replaceAll(column -> Matcher.quoteReplacement(form.apply(text(column.group(1)))));
  }

  private static String shellWord(String text) {
    return PLAIN_WORD.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
