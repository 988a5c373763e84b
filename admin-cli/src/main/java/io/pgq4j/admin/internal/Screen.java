package io.pgq4j.admin.internal;

import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;

/**
 * Shows something again and again: on a terminal in the same place, elsewhere one below the other,
 * and as JSON in one line each time.
 */
public final class Screen implements AutoCloseable {
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String TOP_LEFT = "\u001b[H";
  private static final String CLEAR = "\u001b[2J";
  private static final String CLEAR_LINE = "\u001b[K";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintWriter out;
  private final OutputFormat format;
  private final boolean inPlace;
  private int height;

  Screen(PrintWriter out, OutputFormat format, Terminal terminal) {
    this.out = out;
    this.format = format;
    this.inPlace = format == OutputFormat.TABLE && terminal.interactive();
    if (inPlace) {
      out.print(HIDE_CURSOR + CLEAR + TOP_LEFT);
    }
  }

  /** Shows it in the form that was asked for. */
  public void show(JsonObject json, Supplier<List<String>> lines) {
    switch (format) {
      case JSON -> Json.printLine(out, json.map());
      case CSV -> Csv.print(out, json.map());
      case TABLE -> print(lines.get());
    }
    out.print(inPlace ? CLEAR_BELOW + TOP_LEFT : "");
    out.flush();
  }

  private void print(List<String> lines) {
    lines.forEach(line -> out.println(line + (inPlace ? CLEAR_LINE : "")));
    height = lines.size();
  }

  /** Leaves what was shown last. */
  @Override
  public void close() {
    if (inPlace) {
      out.print("\n".repeat(height) + SHOW_CURSOR);
      out.flush();
    }
  }
}
