package io.pgq4j.examples;

/** Texts of others in columns of a terminal. */
public final class Cells {
  private Cells() {}

  /** Exactly so many columns, cut or filled; nothing in it acts on the terminal. */
  public static String fit(String text, int columns) {
    String shown = cut(text, columns);
    return shown + " ".repeat(Math.max(0, columns - width(shown)));
  }

  /** At most so many columns. */
  public static String cut(String text, int columns) {
    String plain = plain(text);
    if (width(plain) <= columns) {
      return plain;
    }
    StringBuilder cut = new StringBuilder();
    int used = 0;
    for (int codePoint : plain.codePoints().toArray()) {
      used += width(codePoint);
      if (used > columns - 1) {
        break;
      }
      cut.appendCodePoint(codePoint);
    }
    return cut + "…";
  }

  /** How many columns a terminal gives to this text. */
  private static int width(String text) {
    return text.codePoints().map(Cells::width).sum();
  }

  private static int width(int codePoint) {
    int type = Character.getType(codePoint);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    boolean wide =
        Character.isIdeographic(codePoint)
            || (codePoint >= 0x3000 && codePoint <= 0x30FF) // kana
            || (codePoint >= 0xAC00 && codePoint <= 0xD7A3) // hangul
            || (codePoint >= 0xFF01 && codePoint <= 0xFF60) // full width
            || (codePoint >= 0x1F300 && codePoint <= 0x1FAFF); // emoji
    return wide ? 2 : 1;
  }

  /** Without what moves the cursor, changes colours or turns the direction of writing. */
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            codePoint -> {
              int type = Character.getType(codePoint);
              boolean acts =
                  type == Character.CONTROL
                      || type == Character.FORMAT
                      || type == Character.LINE_SEPARATOR
                      || type == Character.PARAGRAPH_SEPARATOR;
              plain.appendCodePoint(acts ? ' ' : codePoint);
            });
    return plain.toString();
  }
}
