package io.pgq4j.daemon;

import io.pgq4j.internal.Nearest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a daemon.
 *
 * @param action the option, if the mode is {@link Mode#ACTION}; else empty
 * @param config the properties file; null only with --help and --sample-config
 * @param flags values of settings, by name
 */
record Arguments(
    Mode mode, String action, LogLevel logLevel, @Nullable Path config, Map<String, String> flags) {

  private static final Pattern FLAG = Pattern.compile("--[a-z][a-z0-9.-]*=");

  enum Mode {
    RUN("", ""),
    DETACH("-d", "--daemon"),
    STOP("-s", "--stop"),
    RELOAD("-r", "--reload"),
    STATUS("", "--status"),
    CHECK("", "--check"),
    DUMP_CONFIG("", "--dump-config"),
    SAMPLE_CONFIG("", "--sample-config"),
    HELP("-h", "--help"),
    /** One of the program's own. */
    ACTION("", "");

    private final String letter;
    private final String option;

    Mode(String letter, String option) {
      this.letter = letter;
      this.option = option;
    }

    private boolean needsConfig() {
      return this != SAMPLE_CONFIG && this != HELP;
    }
  }

  enum LogLevel {
    WARN,
    INFO,
    DEBUG
  }

  /**
   * Reads the command line.
   *
   * @param actions the program's own options that say what to do
   * @throws IllegalArgumentException with a sentence for the user
   */
  static Arguments parse(Set<String> actions, String... arguments) {
    String chosen = "";
    LogLevel level = LogLevel.INFO;
    @Nullable Path config = null;
    Map<String, String> flags = new LinkedHashMap<>();
    for (String argument : arguments) {
      if (argument.equals("-v") || argument.equals("--verbose")) {
        level = LogLevel.DEBUG;
      } else if (argument.equals("-q") || argument.equals("--quiet")) {
        level = LogLevel.WARN;
      } else if (FLAG.matcher(argument).lookingAt()) {
        int equals = argument.indexOf('=');
        flags.put(argument.substring(2, equals), argument.substring(equals + 1));
      } else if (argument.startsWith("-")) {
        Mode mode = mode(argument, actions);
        boolean again = mode != Mode.ACTION && mode(chosen, actions) == mode;
        if (!chosen.isEmpty() && !again && !chosen.equals(argument)) {
          throw new IllegalArgumentException(chosen + " and " + argument + " exclude each other");
        }
        chosen = argument;
      } else if (config != null) {
        throw new IllegalArgumentException("more than one CONFIG: " + argument);
      } else {
        config = Path.of(argument);
      }
    }
    Mode mode = mode(chosen, actions);
    if (config == null && mode.needsConfig()) {
      throw new IllegalArgumentException("CONFIG is missing");
    }
    return new Arguments(mode, mode == Mode.ACTION ? chosen : "", level, config, flags);
  }

  private static Mode mode(String option, Set<String> actions) {
    if (actions.contains(option)) {
      return Mode.ACTION;
    }
    // Without an option it is the first, RUN.
    return Arrays.stream(Mode.values())
        .filter(mode -> mode.option.equals(option) || mode.letter.equals(option))
        .findFirst()
        .orElseThrow(() -> unknown(option, actions));
  }

  private static IllegalArgumentException unknown(String option, Set<String> actions) {
    Set<String> known = new TreeSet<>(actions);
    for (Mode mode : Mode.values()) {
      known.add(mode.option);
    }
    known.addAll(Set.of("--verbose", "--quiet"));
    known.remove("");
    return new IllegalArgumentException(
        "unknown option "
            + option
            + Nearest.to(option, known).map(near -> ": did you mean " + near + "?").orElse(""));
  }
}
