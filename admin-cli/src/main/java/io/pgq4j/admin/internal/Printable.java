package io.pgq4j.admin.internal;

import java.util.regex.Pattern;

/**
 * Makes text that comes from a database or a command line safe to print.
 *
 * <p>A queue may be named by anyone who may create one, so its name must not move the cursor, turn
 * the line around or pass for another name on an operator's terminal.
 */
public final class Printable {
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private static final Pattern URL_PASSWORD =
      Pattern.compile("(?i)(\\b[a-z][a-z0-9+.:-]*://[^\\s:/?#@]*):[^\\s/?#]*@");
  private static final Pattern NAMED_PASSWORD =
      Pattern.compile("(?i)\\b((?:ssl)?password\\s*=\\s*)(?:'[^']*'|[^\\s&;,]+)");

  private Printable() {}

  /** A name as it is shown: control and format characters and backslashes are escaped. */
  public static String name(String name) {
    return escape(name, true);
  }

  /** A name in a sentence: in quotes, and cut when it is too long to be read. */
  public static String quoted(String name) {
    int shown = 70;
    boolean cut = name.codePointCount(0, name.length()) > shown;
    String text = cut ? name.substring(0, name.offsetByCodePoints(0, shown)) : name;
    return "'" + name(text) + (cut ? "…" : "") + "'";
  }

  /**
   * A text of several words, perhaps of the server: one line, nothing hidden in it, no password.
   */
  public static String sentence(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", "; ");
    return withoutPasswords(escape(line, false));
  }

  /** A line of a stack trace: tabs stay. */
  static String traceLine(String line) {
    return withoutPasswords(escape(line.replace("\t", "    "), false));
  }

  /** Masks what follows the user in a URL and what follows {@code password=}. */
  static String withoutPasswords(String text) {
    String masked = URL_PASSWORD.matcher(text).replaceAll("$1:***@");
    return NAMED_PASSWORD.matcher(masked).replaceAll("$1***");
  }

  static boolean mustEscape(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> codePoint != ZERO_WIDTH_JOINER;
      default -> false;
    };
  }

  private static String escape(String text, boolean backslashToo) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (c == '\\' && backslashToo) {
                result.append("\\\\");
              } else if (mustEscape(c)) {
                result.append(escapeSequence(c));
              } else {
                result.appendCodePoint(c);
              }
            });
    return result.toString();
  }

  private static String escapeSequence(int codePoint) {
    return switch (codePoint) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default -> String.format(codePoint > 0xFFFF ? "\\u{%X}" : "\\u%04X", codePoint);
    };
  }

  /** The columns that a text takes on a terminal: two for wide characters, none for marks. */
  static int width(String text) {
    return text.codePoints().map(Printable::width).sum();
  }

  /** The text, or as much of it as there is room for, with an ellipsis. */
  static String cut(String text, int room) {
    if (width(text) <= room) {
      return text;
    }
    StringBuilder cut = new StringBuilder();
    int used = 1;
    for (int c : text.codePoints().toArray()) {
      used += width(c);
      if (used > room) {
        break;
      }
      cut.appendCodePoint(c);
    }
    return cut + "…";
  }

  private static int width(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || type == Character.FORMAT) {
      return 0;
    }
    boolean wide =
        c >= 0x1100
            && (c <= 0x115F
                || (c >= 0x2E80 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1F64F)
                || (c >= 0x1F680 && c <= 0x1F6FF)
                || (c >= 0x1F900 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD));
    return wide ? 2 : 1;
  }
}
