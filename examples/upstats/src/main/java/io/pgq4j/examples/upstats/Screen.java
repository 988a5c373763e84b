package io.pgq4j.examples.upstats;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** What the demo prints. Thread-safe. */
final class Screen {
  private static final int LABEL = 12;
  private static final int CHAT = 8;
  private static final int STREAM = 22;
  private static final int DEFAULT_WIDTH = 100;
  private static final int FIXED_COLUMNS = 8 + 2 + 10 + 2 + CHAT + 2 + STREAM + 2;

  private final PrintWriter out;
  private final int titleWidth;

  Screen(PrintWriter out) {
    this.out = out;
    titleWidth = Math.max(20, terminalWidth() - FIXED_COLUMNS);
  }

  private static int terminalWidth() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[0-9]{2,4}")
        ? Integer.parseInt(columns)
        : DEFAULT_WIDTH;
  }

  /** A headline. */
  synchronized void title(String text) {
    out.println();
    out.println(Ansi.AUTO.string("@|bold " + text + "|@"));
    out.println();
  }

  /** A sentence. */
  synchronized void say(String text) {
    out.println(text);
  }

  /** One of several facts below each other, on one line or more. */
  synchronized void fact(String label, List<String> lines) {
    out.println("  " + Cells.fit(label, LABEL) + lines.get(0));
    lines.stream().skip(1).forEach(line -> out.println("  " + " ".repeat(LABEL) + line));
  }

  /** One of several facts below each other. */
  void fact(String label, String line) {
    fact(label, List.of(line));
  }

  /** What the columns of {@link #message} are. */
  synchronized void messageHeader() {
    out.println(
        Ansi.AUTO.string("@|faint " + row("Time", "Delay", "Chat", "Search stream") + "New job|@"));
  }

  /**
   * A message has arrived.
   *
   * @param delay null if it is not known when its ads were committed
   */
  synchronized void message(
      Duration time, @Nullable Duration delay, long chatId, String stream, List<String> titles) {
    String more = titles.size() > 1 ? " and " + (titles.size() - 1) + " more" : "";
    String title = titles.isEmpty() ? "(continued)" : titles.get(0);
    out.println(
        row(seconds(time), delay == null ? "-" : millis(delay), Long.toString(chatId), stream)
            + Cells.cut(title, titleWidth - more.length())
            + more);
  }

  private static String row(String time, String delay, String chat, String stream) {
    return String.format(
        Locale.ROOT,
        "%8s  %10s  %" + CHAT + "s  %s  ",
        time,
        delay,
        chat,
        Cells.fit(stream, STREAM));
  }

  /** For tables of others. */
  synchronized PrintWriter writer() {
    return out;
  }

  static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
  }

  static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }
}
