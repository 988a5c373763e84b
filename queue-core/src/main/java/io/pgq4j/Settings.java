package io.pgq4j;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a program: for each declared {@link Setting} the flag, else the environment
 * variable {@code PGQ_<NAME>} (upper case, every other character an underscore), else the line of
 * the properties file, else the default. Immutable.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Settings {

  private Settings() {}

  /**
   * Reads the configuration.
   *
   * @param declared the keys there are
   * @param flags from the command line, by name; they win
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
    throw new UnsupportedOperationException();
  }

  /** One line per setting, with default and help, as a properties file has it. */
  public static String help(List<Setting<?>> declared) {
    throw new UnsupportedOperationException();
  }

  /**
   * The value.
   *
   * @throws IllegalArgumentException if there is none and no default: the message says how to give
   *     it
   */
  public <T> T get(Setting<T> setting) {
    throw new UnsupportedOperationException();
  }

  /** The value or the default; empty if there is neither. */
  public <T> Optional<T> find(Setting<T> setting) {
    throw new UnsupportedOperationException();
  }

  /** The values of a setting with a {@code *} in its name, by what stands in its place, sorted. */
  public <T> Map<String, T> all(Setting<T> setting) {
    throw new UnsupportedOperationException();
  }
}
