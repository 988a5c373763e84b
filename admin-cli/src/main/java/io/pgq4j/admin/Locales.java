package io.pgq4j.admin;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The JVM decodes arguments by the locale. Under {@code LC_ALL=C} the bytes of a name beyond ASCII
 * are lost before main is called, and a queue of another name would be created.
 */
final class Locales {
  private static final String REPLACEMENT = "\uFFFD";

  private Locales() {}

  /**
   * Whether an argument lost characters.
   *
   * @param encoding what the JVM decoded with
   */
  static boolean isDamaged(String[] args, @Nullable String encoding) {
    return Arrays.stream(args).anyMatch(arg -> arg.contains(REPLACEMENT))
        && encoding != null
        && Charset.isSupported(encoding)
        && !Charset.forName(encoding).equals(StandardCharsets.UTF_8);
  }
}
