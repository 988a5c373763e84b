package io.pgq4j;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A configuration key that a program declares; its value is found by {@link Settings}. A {@code *}
 * in the name stands for one part that the user chooses: {@code database.*.url}.
 *
 * @param name lower case, parts separated by dots: {@code tick.max-lag}
 * @param kind what a value is, for messages: "a duration such as 500ms, 3s, 2h"
 * @param parser throws {@link IllegalArgumentException} for what is no value
 * @param defaultValue null: none, see {@link Settings#get} and {@link Settings#find}
 * @param help one line
 */
public record Setting<T>(
    String name, String kind, Function<String, T> parser, @Nullable T defaultValue, String help) {

  /** A text. */
  public static Setting<String> text(String name, @Nullable String defaultValue, String help) {
    return new Setting<>(name, "a text", Function.identity(), defaultValue, help);
  }

  /** An integer. */
  public static Setting<Integer> integer(String name, @Nullable Integer defaultValue, String help) {
    return new Setting<>(name, "an integer", Integer::valueOf, defaultValue, help);
  }

  /** {@code true} or {@code false}. */
  public static Setting<Boolean> bool(String name, @Nullable Boolean defaultValue, String help) {
    return new Setting<>(name, "true or false", SettingParsers::bool, defaultValue, help);
  }

  /** A number and a unit, ms, s, m, h or d: {@code 500ms}. */
  public static Setting<Duration> duration(
      String name, @Nullable Duration defaultValue, String help) {
    return new Setting<>(
        name,
        "a duration such as 500ms, 3s, 10m, 2h or 1d",
        SettingParsers::duration,
        defaultValue,
        help);
  }

  /** A number and a unit, more than nothing. */
  public static Setting<Duration> positiveDuration(
      String name, @Nullable Duration defaultValue, String help) {
    return new Setting<>(
        name,
        "a duration above 0, such as 500ms, 3s, 10m, 2h or 1d",
        SettingParsers::positiveDuration,
        defaultValue,
        help);
  }

  /** Texts, of which each is not empty. */
  public static Setting<List<String>> list(
      String name, @Nullable List<String> defaultValue, String help) {
    return new Setting<>(
        name, "texts separated by commas", SettingParsers::list, defaultValue, help);
  }

  /** A constant of an enum, in lower case and with dashes. */
  public static <E extends Enum<E>> Setting<E> oneOf(
      String name, Class<E> type, @Nullable E defaultValue, String help) {
    String kind =
        Arrays.stream(type.getEnumConstants())
            .map(SettingParsers::format)
            .collect(Collectors.joining(" or "));
    return new Setting<>(
        name, kind, text -> SettingParsers.constant(type, text), defaultValue, help);
  }

  /** A text with fields of an event in it. */
  public static Setting<Template> template(String name, @Nullable String defaultText, String help) {
    return new Setting<>(
        name,
        "a text with fields in braces: a column's name, or event.id, event.type and so on; a brace"
            + " that means itself is doubled",
        Template::parse,
        defaultText == null ? null : Template.parse(defaultText),
        help);
  }

  /** An SQL statement with parameters in it. */
  public static Setting<SqlTemplate> sql(String name, String help) {
    return new Setting<>(
        name,
        "an SQL statement; its names in braces have a pair each, and are not in quotes",
        SqlTemplate::parse,
        null,
        help);
  }

  /** A file or directory. */
  public static Setting<Path> path(String name, @Nullable Path defaultValue, String help) {
    return new Setting<>(name, "a path", Path::of, defaultValue, help);
  }
}
