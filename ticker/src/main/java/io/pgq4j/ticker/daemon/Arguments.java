package io.pgq4j.ticker.daemon;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param config the properties file; null only with --help and --sample-config
 */
record Arguments(Mode mode, LogLevel logLevel, @Nullable Path config) {

  enum Mode {
    RUN,
    CHECK,
    HELP,
    SAMPLE_CONFIG
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
        case "-h", "--help" -> mode = Mode.HELP;
        case "--sample-config" -> mode = Mode.SAMPLE_CONFIG;
        case "--check" -> mode = Mode.CHECK;
        case "-v", "--verbose" -> level = LogLevel.DEBUG;
        case "-q", "--quiet" -> level = LogLevel.WARN;
        default -> {
          if (argument.startsWith("-")) {
            throw new IllegalArgumentException("unknown option " + argument);
          }
          if (config != null) {
            throw new IllegalArgumentException("more than one CONFIG: " + argument);
          }
          config = Path.of(argument);
        }
      }
    }
    if (config == null && (mode == Mode.RUN || mode == Mode.CHECK)) {
      throw new IllegalArgumentException("CONFIG is missing");
    }
    return new Arguments(mode, level, config);
  }
}
