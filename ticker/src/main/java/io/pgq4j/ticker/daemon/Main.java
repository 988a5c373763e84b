package io.pgq4j.ticker.daemon;

import io.pgq4j.Settings;
import io.pgq4j.ticker.daemon.DaemonConfig.Database;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** {@code pgq-ticker}. */
public final class Main {
  private static final String HELP =
      """
      Usage: pgq-ticker CONFIG [-v | -q] [--check]
             pgq-ticker --sample-config | --help

      Ticks the queues of one or more databases, moves retries back, rotates and compacts, until
      SIGTERM or SIGINT. Any number may run against a database: one leads, the others stand by.

        CONFIG            a properties file; see --sample-config
        -v, --verbose     also say what is done in detail
        -q, --quiet       say only what is wrong
            --check       read CONFIG, ask the databases whether a ticker could work, and leave
            --sample-config  print a configuration with all keys and their defaults, and leave
        -h, --help        print this and leave

      Environment variables win over CONFIG: PGQ_URL over url, PGQ_HEARTBEAT over heartbeat.

      Exit codes: 0 stopped by a signal, or check passed; 1 internal error, or the stop took too
      long; 2 wrong command line or configuration. Of --check also: 3 cannot connect; 5 schema
      missing; 6 server in recovery.

      Example:
        pgq-ticker --sample-config > ticker.properties
        pgq-ticker ticker.properties --check && pgq-ticker ticker.properties
      """;

  private static final String SAMPLE_HEADER =
      """
      # Configuration of pgq-ticker: all keys with their defaults. Say where the database is.

      """;

  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  Main(PrintStream out, PrintStream err, Map<String, String> environment) {
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  /** The program; see {@code --help}. */
  public static void main(String[] arguments) {
    ExitCode code = new Main(System.out, System.err, System.getenv()).run(arguments);
    System.out.flush();
    System.exit(code.code());
  }

  ExitCode run(String... arguments) {
    Arguments parsed;
    List<Database> databases;
    try {
      parsed = Arguments.parse(arguments);
      switch (parsed.mode()) {
        case HELP -> {
          out.print(HELP);
          return ExitCode.OK;
        }
        case SAMPLE_CONFIG -> {
          out.print(SAMPLE_HEADER + Settings.help(DaemonConfig.SETTINGS));
          return ExitCode.OK;
        }
        default ->
            databases = DaemonConfig.load(Objects.requireNonNull(parsed.config()), environment);
      }
    } catch (IllegalArgumentException e) {
      err.println("pgq-ticker: " + e.getMessage());
      err.println("pgq-ticker --help shows how to call it, --sample-config how to configure it.");
      return ExitCode.USAGE;
    }
    return parsed.mode() == Arguments.Mode.CHECK
        ? new Check(out, err).run(databases)
        : runDaemon(parsed, databases);
  }

  private ExitCode runDaemon(Arguments parsed, List<Database> databases) {
    configureLogging(parsed);
    try {
      new Daemon(databases).run();
      return ExitCode.OK;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERNAL_ERROR;
    } catch (RuntimeException e) {
      err.println("pgq-ticker: internal error: " + e);
      return ExitCode.INTERNAL_ERROR;
    }
  }

  /** Before the first logger is made; whoever configures Logback himself is left alone. */
  private static void configureLogging(Arguments arguments) {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "io/pgq4j/ticker/daemon/logback.xml");
    }
    System.setProperty("pgq.ticker.level", arguments.logLevel().name());
  }
}
