package io.pgq4j;

import io.pgq4j.internal.Nearest;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a program: for each declared {@link Setting} the flag, else the environment
 * variable {@code PGQ_<NAME>} (upper case, every other character an underscore), else the line of
 * the properties file, else the default. Immutable.
 */
public final class Settings {
  /** The key of the queue's name in a configuration. */
  public static final Setting<String> QUEUE = Setting.text("queue", null, "the queue to consume");

  /** The key of the consumer's name in a configuration. */
  public static final Setting<String> CONSUMER =
      Setting.text(
          "consumer", null, "the consumer's name; those with different names each get every event");

  /** Values by setting and then by what stands for its {@code *}. */
  private final Map<Setting<?>, TreeMap<String, Object>> values = new HashMap<>();

  private Settings() {}

  /**
   * Reads the configuration.
   *
   * @param declared the keys there are
   * @param flags from the command line, by name; they win. Everybody on the machine can read them,
   *     so one that holds a password or token is refused
   * @param environment usually {@link System#getenv()}
   * @param file a properties file in UTF-8; null: none
   * @throws IllegalArgumentException if the file cannot be read, a flag or a line of the file has
   *     no declared name (the message has the nearest one), or a value is none; the message has no
   *     value in it
   */
  public static Settings load(
      List<Setting<?>> declared,
      Map<String, String> flags,
      Map<String, String> environment,
      @Nullable Path file) {
    Settings settings = new Settings();
    if (file != null) {
      settings.putAll(declared, read(file), "in " + file);
    }
    settings.putEnvironment(declared, environment);
    flags.forEach(Settings::refuseSecret);
    settings.putAll(declared, flags, "on the command line");
    return settings;
  }

  private static void refuseSecret(String name, String text) {
    if (!Secrets.mask(name, text).equals(text)) {
      throw new IllegalArgumentException(
          name
              + " must not be on the command line, where everybody can read it: put it into the"
              + " file, or set "
              + variable(name));
    }
  }

  /** One line per setting, with default and help, as a properties file has it. */
  public static String help(List<Setting<?>> declared) {
    StringBuilder text = new StringBuilder();
    for (Setting<?> setting : declared) {
      Object value = setting.defaultValue();
      text.append("# ").append(setting.help()).append(" (").append(setting.kind()).append(")\n");
      text.append(value == null ? "#" : "").append(setting.name()).append('=');
      text.append(value == null ? "" : SettingParsers.format(value)).append('\n');
    }
    return text.toString();
  }

  /**
   * The values in force, one line per setting as a properties file has it; without those that are
   * nowhere set, and with {@code ***} in place of passwords and tokens.
   */
  public String dump(List<Setting<?>> declared) {
    StringBuilder text = new StringBuilder();
    for (Setting<?> setting : declared) {
      Map<String, Object> found = new TreeMap<>(values.getOrDefault(setting, new TreeMap<>()));
      Object defaultValue = setting.defaultValue();
      if (found.isEmpty() && defaultValue != null) {
        found.put("", defaultValue);
      }
      found.forEach(
          (part, value) -> {
            String name = setting.name().replace("*", part);
            String shown = Secrets.mask(name, SettingParsers.format(value));
            text.append(name).append('=').append(shown).append('\n');
          });
    }
    return text.toString();
  }

  /**
   * The value.
   *
   * @throws IllegalArgumentException if there is none and no default: the message says how to give
   *     it
   */
  public <T> T get(Setting<T> setting) {
    return find(setting)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    setting.name()
                        + " is not set: put it into the file, or set "
                        + variable(setting.name())));
  }

  /** The value or the default; empty if there is neither. */
  public <T> Optional<T> find(Setting<T> setting) {
    T value = all(setting).get("");
    return Optional.ofNullable(value == null ? setting.defaultValue() : value);
  }

  /**
   * The value of a secret, or what the file of the other setting holds, without blanks around it.
   *
   * @throws IllegalArgumentException if the file cannot be read
   */
  public Optional<String> findSecret(Setting<String> secret, Setting<Path> file) {
    Optional<Path> path = find(file);
    if (path.isEmpty()) {
      return find(secret);
    }
    try {
      return Optional.of(Files.readString(path.get()).strip());
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + file.name() + " " + path.get(), e);
    }
  }

  /** The values of a setting with a {@code *} in its name, by what stands in its place, sorted. */
  @SuppressWarnings("unchecked") // put by the setting's own parser
  public <T> Map<String, T> all(Setting<T> setting) {
    return (Map<String, T>) new TreeMap<>(values.getOrDefault(setting, new TreeMap<>()));
  }

  private void putAll(List<Setting<?>> declared, Map<String, String> texts, String source) {
    texts.forEach(
        (name, text) -> {
          for (Setting<?> setting : declared) {
            Matcher matcher = pattern(setting).matcher(name);
            if (matcher.matches()) {
              put(setting, part(matcher), text, name + " " + source);
              return;
            }
          }
          List<String> known = declared.stream().<String>map(Setting::name).toList();
          throw new IllegalArgumentException(
              "unknown setting \"" + name + "\" " + source + nearest(name, known));
        });
  }

  private static String nearest(String name, List<String> known) {
    return Nearest.to(name, known)
        .map(near -> ": did you mean \"" + near + "\"?")
        .orElse("; there are " + String.join(", ", known));
  }

  private void putEnvironment(List<Setting<?>> declared, Map<String, String> environment) {
    for (Setting<?> setting : declared) {
      Pattern pattern =
          Pattern.compile(Pattern.quote(variable(setting.name())).replace("*", "\\E(.+)\\Q"));
      environment.forEach(
          (name, text) -> {
            Matcher matcher = pattern.matcher(name);
            if (matcher.matches()) {
              put(
                  setting,
                  part(matcher).toLowerCase(Locale.ROOT),
                  text,
                  "environment variable " + name);
            }
          });
    }
  }

  private void put(Setting<?> setting, String part, String text, String source) {
    Object value;
    try {
      value = setting.parser().apply(text.strip());
    } catch (IllegalArgumentException e) {
      // Without the text, which may be a secret, and so without the cause.
      throw new IllegalArgumentException(source + " must be " + setting.kind());
    }
    values.computeIfAbsent(setting, key -> new TreeMap<>()).put(part, value);
  }

  private static String part(Matcher matcher) {
    return matcher.groupCount() == 0 ? "" : matcher.group(1);
  }

  private static Pattern pattern(Setting<?> setting) {
    return Pattern.compile(Pattern.quote(setting.name()).replace("*", "\\E([^.]+)\\Q"));
  }

  private static String variable(String name) {
    return "PGQ_" + name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9*]", "_");
  }

  private static Map<String, String> read(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException("cannot read the configuration file " + file, e);
    }
    Map<String, String> texts = new TreeMap<>();
    properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name)));
    return texts;
  }
}
