package io.pgq4j.admin.internal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A table in PgQ's fashion, with rules around the rows. As text of its own it never cuts a cell; on
 * a terminal it cuts the widest ones until it fits.
 */
public final class TextTable {
  private static final int WIDTH = 80;
  private static final int NARROWEST = 8;
  private static final String GAP = "  ";

  private record Row(boolean isTitle, List<String> cells) {}

  private final List<String> header;
  private final List<Boolean> left;
  private final String indent;
  private final int leastWidth;
  private final List<Row> rows = new ArrayList<>();

  private TextTable(List<String> header, List<Boolean> left, String indent, int leastWidth) {
    this.header = header;
    this.left = left;
    this.indent = indent;
    this.leastWidth = leastWidth;
  }

  /** The first column to the left and as wide as there is room, the others to the right. */
  public TextTable(String... header) {
    this(List.of(header), firstOf(header.length), GAP, WIDTH);
  }

  private static List<Boolean> firstOf(int columns) {
    List<Boolean> left = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      left.add(i == 0);
    }
    return left;
  }

  /**
   * Columns as wide as they need to be.
   *
   * @param left which of them stand to the left
   */
  static TextTable compact(List<String> header, List<Boolean> left) {
    return new TextTable(header, left, "", 0);
  }

  /** A line of its own, above the rows that belong to it. */
  public TextTable title(String text) {
    rows.add(new Row(true, List.of(text)));
    return this;
  }

  /** A row; its first cell is indented. */
  public TextTable row(String first, String... others) {
    List<String> cells = new ArrayList<>();
    cells.add(first);
    cells.addAll(List.of(others));
    return row(cells);
  }

  TextTable row(List<String> cells) {
    if (cells.size() != header.size()) {
      throw new IllegalArgumentException(
          "a row of " + header.size() + " cells is needed, not " + cells.size());
    }
    List<String> indented = new ArrayList<>(cells);
    indented.set(0, indent + cells.get(0));
    rows.add(new Row(false, indented));
    return this;
  }

  /** Prints the whole table. */
  public void print(PrintWriter out) {
    print(out, Terminal.none());
  }

  /** Prints the table so that it fits, and its header in bold where that can be. */
  public void print(PrintWriter out, Terminal terminal) {
    int[] widths = widths(terminal.width());
    String rule = "-".repeat(total(widths));
    out.println(terminal.bold(line(header, widths)));
    out.println(rule);
    for (Row row : rows) {
      out.println(
          row.isTitle()
              ? Printable.cut(row.cells().get(0), terminal.width())
              : line(row.cells(), widths));
    }
    out.println(rule);
  }

  private int[] widths(int room) {
    int[] widths = new int[header.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Printable.width(header.get(i));
    }
    for (Row row : rows) {
      for (int i = 0; i < widths.length && !row.isTitle(); i++) {
        widths[i] = Math.max(widths[i], Printable.width(row.cells().get(i)));
      }
    }
    widths[0] += Math.max(0, Math.min(leastWidth, room) - total(widths));
    for (int excess = total(widths) - room; excess > 0; excess--) {
      int widest = widest(widths);
      if (widths[widest] <= NARROWEST) {
        break;
      }
      widths[widest]--;
    }
    return widths;
  }

  private static int widest(int[] widths) {
    int widest = 0;
    for (int i = 1; i < widths.length; i++) {
      widest = widths[i] > widths[widest] ? i : widest;
    }
    return widest;
  }

  private static int total(int[] widths) {
    int total = (widths.length - 1) * GAP.length();
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  private String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String cell = Printable.cut(cells.get(i), widths[i]);
      String padding = " ".repeat(widths[i] - Printable.width(cell));
      line.append(i == 0 ? "" : GAP).append(left.get(i) ? cell + padding : padding + cell);
    }
    return line.toString().stripTrailing();
  }
}
