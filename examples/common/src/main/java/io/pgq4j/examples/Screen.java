package io.pgq4j.examples;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** What an example prints. Thread-safe. */
public final class Screen {
  private static final int LABEL = 12;
  private static final int DEFAULT_WIDTH = 100;

  private final PrintWriter out;

  private Screen(PrintWriter out) {
    this.out = out;
  }

  static Screen onStdout() {
    // Not the locale's encoding: texts are in many languages.
    return new Screen(
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
  }

  /** How many columns the terminal has. */
  public static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[0-9]{2,4}")
        ? Integer.parseInt(columns)
        : DEFAULT_WIDTH;
  }

  /** A headline. */
  public synchronized void title(String text) {
    out.println();
    out.println(Ansi.AUTO.string("@|bold " + text + "|@"));
    out.println();
  }

  /** A line. What others wrote in it goes through {@link Cells} first. */
  public synchronized void say(String text) {
    out.println(text);
  }

  /** A line that is less important. */
  public synchronized void whisper(String text) {
    out.println(Ansi.AUTO.string("@|faint " + text + "|@"));
  }

  /** One of several facts below each other, on one line or more. */
  public synchronized void fact(String label, List<String> lines) {
    out.println("  " + Cells.fit(label, LABEL) + lines.get(0));
    lines.stream().skip(1).forEach(line -> out.println("  " + " ".repeat(LABEL) + line));
  }

  /** One of several facts below each other. */
  public void fact(String label, String line) {
    fact(label, List.of(line));
  }

  /** For tables of others. */
  public PrintWriter writer() {
    return out;
  }

  /** As "1.5 s". */
  public static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toNanos() / 1e9);
  }

  /** As "1.5 ms". */
  public static String millis(Duration time) {
    return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
  }
}
