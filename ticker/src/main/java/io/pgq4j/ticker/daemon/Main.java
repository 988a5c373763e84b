package io.pgq4j.ticker.daemon;

import io.pgq4j.Settings;
import io.pgq4j.daemon.DaemonProgram;
import io.pgq4j.daemon.ExitCode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** {@code pgq-ticker}. */
public final class Main extends DaemonProgram {
  private static final String HELP =
      """
      Usage: pgq-ticker CONFIG [-v | -q] [-d]
             pgq-ticker CONFIG -s | -r | --status | --check | --dump-config
             pgq-ticker --sample-config | --from-pgqd FILE | --help

      Ticks the queues of one or more databases, moves retries back, rotates and compacts, until
      SIGTERM or SIGINT. Any number may run against a database: one leads, the others stand by.

        CONFIG            a properties file; see --sample-config
        -v, --verbose     also say what is done in detail
        -q, --quiet       say only what is wrong
        -d, --daemon      run in the background; needs pidfile and log-file in CONFIG
        -s, --stop        stop the one that runs with CONFIG's pidfile, and wait until it has ended
        -r, --reload      have it read CONFIG again, as SIGHUP does; if CONFIG is wrong it goes on
                          with what it has
            --status      say whether it runs, and who ticks each database
            --check       ask the databases whether a ticker could work; changes nothing
            --dump-config print the configuration in force, without passwords
            --sample-config  print a configuration with all keys and their defaults
            --from-pgqd FILE  print the configuration that does what a pgqd.ini says
        -h, --help        print this

      Environment variables win over CONFIG: PGQ_URL over url, PGQ_HEARTBEAT over heartbeat.
      --KEY=VALUE wins over both.

      Exit codes: 0 done, or stopped by a signal; 1 internal error, or the stop took too long; 2 wrong
      command line or configuration; 3 cannot connect; 4 none runs (-s, -r, --status); 5 schema
      missing; 6 runs already, or the check failed: server in recovery, or nobody ticks (--status).

      Example:
        pgq-ticker --sample-config > ticker.properties
        pgq-ticker ticker.properties --check && pgq-ticker ticker.properties
      """;

  private final Map<String, String> environment;

  Main(PrintStream out, PrintStream err, Map<String, String> environment) {
    super("pgq-ticker", HELP, DaemonConfig.SETTINGS, out, err, environment);
    this.environment = environment;
  }

  /** The program; see {@code --help}. */
  public static void main(String[] arguments) {
    ExitCode code =
        arguments.length == 2 && arguments[0].equals("--from-pgqd")
            ? PgqdConfig.convert(Path.of(arguments[1]), System.out, System.err)
            : new Main(System.out, System.err, System.getenv()).run(arguments);
    System.out.flush();
    System.exit(code.code());
  }

  @Override
  protected Service create(Settings settings) {
    return new TickerService(settings, environment);
  }

  @Override
  protected ExitCode check(Settings settings, PrintStream out, PrintStream err) {
    return new Survey(new DaemonConfig(settings, environment), out, err).ready();
  }

  @Override
  protected ExitCode status(Settings settings, PrintStream out, PrintStream err) {
    return new Survey(new DaemonConfig(settings, environment), out, err).leaders();
  }
}
