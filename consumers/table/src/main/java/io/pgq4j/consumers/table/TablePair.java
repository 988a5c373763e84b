package io.pgq4j.consumers.table;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which table is kept like which.
 *
 * @param source as {@code watch_table} writes it into events: schema and table, quoted where SQL
 *     would need it
 * @param target its copy, written in the same way
 */
record TablePair(String source, String target) {
  private static final String OUTSIDE_QUOTES = "(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)";
  private static final Pattern COMMA = Pattern.compile("\\s*," + OUTSIDE_QUOTES + "\\s*");
  private static final Pattern TO = Pattern.compile("\\s+to\\s+" + OUTSIDE_QUOTES);

  /**
   * Reads {@code shop.job, shop.ad to mirror.advert}.
   *
   * @throws IllegalArgumentException if it is not of that form
   */
  static List<TablePair> parse(String text) {
    return Arrays.stream(COMMA.split(text, -1)).map(TablePair::one).toList();
  }

  private static TablePair one(String text) {
    String[] names = TO.split(text, -1);
    if (names.length > 2 || names[0].isEmpty() || names[names.length - 1].isEmpty()) {
      throw new IllegalArgumentException(text);
    }
    return new TablePair(names[0], names[names.length - 1]);
  }

  /** As it is read. */
  @Override
  public String toString() {
    return source.equals(target) ? source : source + " to " + target;
  }
}
