package io.pgq4j.admin.internal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A table in PgQ's fashion: the first column to the left and as wide as there is room, the others
 * to the right, rules around the rows. It never cuts a cell; a long one widens the table.
 */
public final class TextTable {
  private static final int WIDTH = 80;
  private static final String GAP = "  ";

  private record Row(boolean isTitle, List<String> cells) {}

  private final List<String> header;
  private final List<Row> rows = new ArrayList<>();

  public TextTable(String... header) {
    this.header = List.of(header);
  }

  /** A line of its own, above the rows that belong to it. */
  public TextTable title(String text) {
    rows.add(new Row(true, List.of(text)));
    return this;
  }

  /** A row; its first cell is indented. */
  public TextTable row(String first, String... others) {
    List<String> cells = new ArrayList<>();
    cells.add(GAP + first);
    cells.addAll(List.of(others));
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException(
          "a row of " + header.size() + " cells is needed, not " + cells.size());
    }
    rows.add(new Row(false, cells));
    return this;
  }

  public void print(PrintWriter out) {
    int[] widths = widths();
    String rule = "-".repeat(total(widths));
    out.println(line(header, widths));
    out.println(rule);
    for (Row row : rows) {
      out.println(row.isTitle() ? row.cells().get(0) : line(row.cells(), widths));
    }
    out.println(rule);
  }

  private int[] widths() {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Printable.width(header.get(i));
    }
    for (Row row : rows) {
      for (int i = 0; i < widths.length && !row.isTitle(); i++) {
        widths[i] = Math.max(widths[i], Printable.width(row.cells().get(i)));
      }
    }
    widths[0] += Math.max(0, WIDTH - total(widths));
    return widths;
  }

  private static int total(int[] widths) {
    int total = (widths.length - 1) * GAP.length();
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder(cells.get(0)).append(padding(cells.get(0), widths[0]));
    for (int i = 1; i < cells.size(); i++) {
      line.append(GAP).append(padding(cells.get(i), widths[i])).append(cells.get(i));
    }
    return line.toString().stripTrailing();
  }

  private static String padding(String cell, int width) {
    return " ".repeat(width - Printable.width(cell));
  }
}
