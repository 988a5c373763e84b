package io.pgq4j.consumers.telegram;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into messages that Telegram accepts. Nothing but whole blank messages is left out.
 */
final class TextSplitter {
  /** Telegram's limit for one message, in UTF-16 units. */
  static final int MESSAGE_LIMIT = 4096;

  private TextSplitter() {}

  /**
   * Each part is at most {@code limit} UTF-16 units long. Ends at a line end if one is in the
   * part's second half, else at a blank there, else anywhere but inside a surrogate pair.
   */
  static List<String> split(String text, int limit) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    while (text.length() - from > limit) {
      int to = cut(text, from, from + limit);
      addUnlessBlank(parts, text.substring(from, to));
      from = to;
    }
    addUnlessBlank(parts, text.substring(from));
    return parts;
  }

  // Telegram refuses a blank message, and a reader would miss nothing.
  private static void addUnlessBlank(List<String> parts, String part) {
    if (!part.isBlank()) {
      parts.add(part);
    }
  }

  private static int cut(String text, int from, int end) {
    int half = from + (end - from) / 2;
    int blank = -1;
    for (int i = end - 1; i >= half; i--) {
      char c = text.charAt(i);
      if (c == '\n') {
        return i + 1;
      }
      if (blank < 0 && Character.isWhitespace(c)) {
        blank = i + 1;
      }
    }
    if (blank > 0) {
      return blank;
    }
    boolean insidePair =
        Character.isHighSurrogate(text.charAt(end - 1))
            && Character.isLowSurrogate(text.charAt(end));
    return insidePair ? end - 1 : end;
  }
}
