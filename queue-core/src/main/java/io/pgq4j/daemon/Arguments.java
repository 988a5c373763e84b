package io.pgq4j.daemon;

import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The command line of a daemon.
 *
 * @param config the properties file; null only with --help and --sample-config
 */
record Arguments(Mode mode, LogLevel logLevel, @Nullable Path config) {

  enum Mode {
    RUN("", ""),
    DETACH("-d", "--daemon"),
    STOP("-s", "--stop"),
    RELOAD("-r", "--reload"),
    STATUS("", "--status"),
    CHECK("", "--check"),
    DUMP_CONFIG("", "--dump-config"),
    SAMPLE_CONFIG("", "--sample-config"),
    HELP("-h", "--help");

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
   * @throws IllegalArgumentException with a sentence for the user
   */
  static Arguments parse(String... arguments) {
    Mode mode = Mode.RUN;
    LogLevel level = LogLevel.INFO;
    @Nullable Path config = null;
    for (String argument : arguments) {
      switch (argument) {
        case "-v", "--verbose" -> level = LogLevel.DEBUG;
        case "-q", "--quiet" -> level = LogLevel.WARN;
        default -> {
          if (!argument.startsWith("-")) {
            if (config != null) {
              throw new IllegalArgumentException("more than one CONFIG: " + argument);
            }
            config = Path.of(argument);
          } else if (mode == Mode.RUN) {
            mode = mode(argument);
          } else if (mode(argument) != mode) {
            throw new IllegalArgumentException(
                mode.option + " and " + argument + " exclude each other");
          }
        }
      }
    }
    if (config == null && mode.needsConfig()) {
      throw new IllegalArgumentException("CONFIG is missing");
    }
    return new Arguments(mode, level, config);
  }

  private static Mode mode(String option) {
    return Arrays.stream(Mode.values())
        .filter(
            mode -> !option.isEmpty() && (mode.option.equals(option) || mode.letter.equals(option)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown option " + option));
  }
}
