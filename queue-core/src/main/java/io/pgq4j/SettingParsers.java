package io.pgq4j;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Texts of a configuration to values. */
final class SettingParsers {
  private static final Pattern DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*(ms|s|m|h|d)");
  private static final Pattern COMMA = Pattern.compile(",");

  private SettingParsers() {}

  static Boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "1" -> true;
      case "false", "off", "no", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  static Duration duration(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long millis =
        switch (matcher.group(2)) {
          case "ms" -> 1;
          case "s" -> 1_000;
          case "m" -> 60_000;
          case "h" -> 3_600_000;
          default -> 86_400_000;
        };
    try {
      return Duration.ofMillis(
          new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(millis)).longValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  static Duration positiveDuration(String text) {
    Duration value = duration(text);
    if (value.isZero()) {
      throw new IllegalArgumentException(text);
    }
    return value;
  }

  static List<String> list(String text) {
    List<String> parts = COMMA.splitAsStream(text).map(String::strip).toList();
    if (parts.contains("")) {
      throw new IllegalArgumentException(text);
    }
    return parts;
  }

  static <E extends Enum<E>> E constant(Class<E> type, String text) {
    return Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** As the parsers above read it back. */
  static String format(Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    if (!(value instanceof Duration duration)) {
      return value.toString();
    }
    long millis = duration.toMillis();
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }
}
