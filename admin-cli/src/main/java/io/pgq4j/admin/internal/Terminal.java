package io.pgq4j.admin.internal;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the program reads and what it may do on the screen.
 *
 * @param interactive whether a person sits at stdin and stdout: can be asked, and sees the screen
 * @param sees whether a person reads stderr
 * @param width how many columns there are; {@link Integer#MAX_VALUE}: any number
 * @param height how many lines there are, likewise
 * @param colours whether text may be coloured
 * @param in stdin
 */
public record Terminal(
    boolean interactive, boolean sees, int width, int height, boolean colours, BufferedReader in) {

  /** Neither a terminal nor an input. */
  public static Terminal none() {
    return none(InputStream.nullInputStream());
  }

  /** No terminal, only an input. */
  public static Terminal none(InputStream in) {
    return new Terminal(
        false,
        false,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        false,
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
  }

  /**
   * What this process has.
   *
   * @param environment NO_COLOR and TERM decide about colours
   */
  public static Terminal ofProcess(Map<String, String> environment) {
    Terminal none = none(System.in);
    boolean sees = isTerminal(2);
    if (!isTerminal(1)) {
      return new Terminal(false, sees, none.width(), none.height(), false, none.in());
    }
    String[] size = size().split(" ", -1);
    boolean colours =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !"dumb".equals(environment.getOrDefault("TERM", "dumb"));
    return new Terminal(
        isTerminal(0),
        sees,
        size.length == 2 && !size[1].equals("0") ? Integer.parseInt(size[1]) : 80,
        size.length == 2 && !size[0].equals("0") ? Integer.parseInt(size[0]) : 24,
        colours,
        none.in());
  }

  /**
   * Linux tells of each stream. Elsewhere the JDK does, of stdin and stdout together; since Java 22
   * it may say yes to a pipe, and then who is asked reads nothing and says no.
   */
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal(int descriptor) {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
      return target.startsWith("/dev/pts") || target.toString().startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null;
    }
  }

  /** Lines and columns; the JDK does not tell. Empty where there is no stty. */
  private static String size() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** The text in bold, where that can be. */
  public String bold(String text) {
    return colours ? "\u001b[1m" + text + "\u001b[0m" : text;
  }

  /** The text in red, where that can be. */
  public String red(String text) {
    return colours ? "\u001b[31m" + text + "\u001b[0m" : text;
  }
}
