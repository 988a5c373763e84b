package io.pgq4j;

/** What PostgreSQL's text can hold, and what a failure looks like as text. */
final class Texts {
  private static final int MAX_REASON = 8_000;
  private static final int MAX_CAUSES = 5;
  private static final int MAX_TRACE = 2_000;

  private Texts() {}

  /** Index of the first U+0000 or lone surrogate; -1 if there is none. */
  static int unstorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        return i;
      }
    }
    return -1;
  }

  /** The text with a replacement character for all that cannot be stored, cut to a fair length. */
  static String storable(String text) {
    StringBuilder clean = new StringBuilder(text);
    clean.setLength(Math.min(clean.length(), MAX_REASON));
    for (int i = 0; i < clean.length(); i++) {
      char c = clean.charAt(i);
      boolean pair = i + 1 < clean.length() && Character.isSurrogatePair(c, clean.charAt(i + 1));
      if (pair) {
        i++;
      } else if (c == 0 || Character.isSurrogate(c)) {
        clean.setCharAt(i, '\uFFFD');
      }
    }
    return clean.toString();
  }

  /** The failure and its causes in one line each, without the stack. */
  static String describe(Throwable failure) {
    StringBuilder text = new StringBuilder(failure.toString());
    Throwable cause = failure.getCause();
    for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
      text.append("\ncaused by ").append(cause);
      cause = cause.getCause();
    }
    return text.toString();
  }

  /** The same, and then where it happened, as far as a fair length allows. */
  static String trace(Throwable failure) {
    StringBuilder text = new StringBuilder(describe(failure));
    int end = text.length() + MAX_TRACE;
    for (StackTraceElement frame : failure.getStackTrace()) {
      String line = "\n\tat " + frame;
      if (text.length() + line.length() > end) {
        return text.append("\n\t...").toString();
      }
      text.append(line);
    }
    return text.toString();
  }
}
