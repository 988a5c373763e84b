package io.pgq4j.daemon;

import io.pgq4j.Setting;
import io.pgq4j.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that runs until it is told to end: {@code NAME CONFIG [-v | -q] [-d]}, and what belongs
 * to it: {@code -s} stops the one of the same CONFIG, {@code -r} or SIGHUP makes it read CONFIG
 * again, {@code --status}, {@code --check}, {@code --dump-config}, {@code --sample-config}.
 *
 * <p>SIGTERM and SIGINT stop it cleanly, with exit code 0. A CONFIG that was made wrong meanwhile
 * is not taken: the program says so and goes on with the old one.
 *
 * <p>Logging is by slf4j. Of Logback, where the application has it, {@code logback-text.xml} or
 * {@code logback-json.xml} beside the program's class is used, unless {@code
 * logback.configurationFile} is set. These find level, appender ({@code stderr} or {@code file})
 * and file in the system properties {@code pgq.log.level}, {@code pgq.log.appender} and {@code
 * pgq.log.file}.
 */
public abstract class DaemonProgram {
  /** Where the process id is written. */
  private static final Setting<Path> PIDFILE =
      Setting.path("pidfile", null, "where to write the process id; needed by -d, -s and -r");

  private static final Setting<Path> LOG_FILE =
      Setting.path("log-file", null, "where to log to, instead of stderr; needed by -d");

  private static final Setting<LogFormat> LOG_FORMAT =
      new Setting<>(
          "log-format",
          "text or json",
          text -> LogFormat.valueOf(text.toUpperCase(Locale.ROOT)),
          LogFormat.TEXT,
          "lines for people, or a JSON object each");

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

  private enum LogFormat {
    TEXT,
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What the program does, between its start and its end. */
  public interface Service {
    /** Starts; returns at once. */
    void start();

    /**
     * Goes on with another configuration.
     *
     * @throws IllegalArgumentException with a sentence for the user: nothing was changed
     */
    void reload(Settings settings);

    /** Stops; whether that was possible in time and cleanly. */
    boolean stop();
  }

  private final String name;
  private final String help;
  private final List<Setting<?>> settings;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;

  /**
   * A program.
   *
   * @param name what users call it
   * @param help what {@code --help} prints
   * @param settings the keys of its configuration; those of every daemon are added
   * @param environment usually {@link System#getenv()}
   */
  protected DaemonProgram(
      String name,
      String help,
      List<Setting<?>> settings,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment) {
    this.name = name;
    this.help = help;
    this.settings = new ArrayList<>(settings);
    this.settings.addAll(List.of(PIDFILE, LOG_FILE, LOG_FORMAT));
    this.out = out;
    this.err = err;
    this.environment = environment;
  }

  /**
   * The service with this configuration; starts nothing and connects to nothing.
   *
   * @throws IllegalArgumentException with a sentence for the user
   */
  protected abstract Service create(Settings settings);

  /** {@code --check}: whether it could work, said on out or err; changes nothing. */
  protected abstract ExitCode check(Settings settings, PrintStream out, PrintStream err);

  /** {@code --status}: how it is, said on out; the process itself was reported already. */
  protected abstract ExitCode status(Settings settings, PrintStream out, PrintStream err);

  /** Does what the command line says. */
  public final ExitCode run(String... arguments) {
    try {
      Arguments parsed = Arguments.parse(arguments);
      switch (parsed.mode()) {
        case HELP -> {
          out.print(help);
          return ExitCode.OK;
        }
        case SAMPLE_CONFIG -> {
          out.print("# Configuration of " + name + ": all keys with their defaults.\n\n");
          out.print(Settings.help(settings));
          return ExitCode.OK;
        }
        default -> {
          return run(parsed, load(parsed), arguments);
        }
      }
    } catch (IllegalArgumentException e) {
      err.println(name + ": " + e.getMessage());
      err.println(name + " --help shows how to call it, --sample-config how to configure it.");
      return ExitCode.USAGE;
    } catch (IOException | ExecutionException | TimeoutException e) {
      err.println(name + ": " + e.getMessage());
      return ExitCode.INTERNAL_ERROR;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERNAL_ERROR;
    }
  }

  private ExitCode run(Arguments parsed, Settings loaded, String... arguments)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    if (parsed.mode() == Arguments.Mode.RUN) {
      configureLogging(parsed, loaded);
    }
    Service service = create(loaded);
    return switch (parsed.mode()) {
      case CHECK -> check(loaded, out, err);
      case STATUS -> status(loaded);
      case STOP -> stop(loaded.get(PIDFILE));
      case RELOAD -> reload(loaded.get(PIDFILE));
      case DUMP_CONFIG -> {
        out.print(loaded.dump(settings));
        yield ExitCode.OK;
      }
      case DETACH -> detach(loaded.get(PIDFILE), loaded.get(LOG_FILE), arguments);
      default -> run(parsed, loaded, service);
    };
  }

  private Settings load(Arguments parsed) {
    return Settings.load(settings, Map.of(), environment, Objects.requireNonNull(parsed.config()));
  }

  private ExitCode run(Arguments parsed, Settings loaded, Service service)
      throws IOException, InterruptedException {
    Optional<Path> file = loaded.find(PIDFILE);
    @Nullable Pidfile pidfile = null;
    if (file.isPresent()) {
      pidfile = Pidfile.take(file.get()).orElse(null);
      if (pidfile == null) {
        err.printf("%s: runs already: another process has %s%n", name, file.get());
        return ExitCode.CHECK_FAILED;
      }
    }
    Logger log = LoggerFactory.getLogger(getClass());
    Runtime.getRuntime().addShutdownHook(new Thread(new ShutDown(log, service, pidfile), "stop"));
    Semaphore hangups = new Semaphore(0);
    Hangup.handle(hangups::release);
    service.start();
    while (true) {
      hangups.acquire();
      hangups.drainPermits();
      reload(parsed, service, log);
    }
  }

  private void reload(Arguments parsed, Service service, Logger log) {
    try {
      service.reload(load(parsed));
      log.info("configuration {} is loaded again", parsed.config());
    } catch (IllegalArgumentException e) {
      log.error("{}; the configuration stays as it was", e.getMessage());
    }
  }

  /** Runs while the JVM is told to end, which would report the signal as its exit code. */
  private record ShutDown(Logger log, Service service, @Nullable Pidfile pidfile)
      implements Runnable {

    @Override
    public void run() {
      log.info("stopping");
      boolean clean = service.stop();
      try {
        if (pidfile != null) {
          pidfile.close();
        }
      } catch (IOException e) {
        log.warn("cannot remove the pidfile: {}", e.getMessage());
      }
      log.info("stopped{}", clean ? "" : ", but not in time: connections were cut");
      Runtime.getRuntime().halt((clean ? ExitCode.OK : ExitCode.INTERNAL_ERROR).code());
    }
  }

  /** Before the first logger is made; whoever configures Logback himself is left alone. */
  private void configureLogging(Arguments parsed, Settings loaded) {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty(
          "logback.configurationFile",
          "%s/logback-%s.xml"
              .formatted(getClass().getPackageName().replace('.', '/'), loaded.get(LOG_FORMAT)));
    }
    Optional<Path> file = loaded.find(LOG_FILE);
    file.ifPresent(path -> System.setProperty("pgq.log.file", path.toString()));
    System.setProperty("pgq.log.appender", file.isPresent() ? "file" : "stderr");
    System.setProperty("pgq.log.level", parsed.logLevel().name());
  }

  private ExitCode detach(Path pidfile, Path log, String... arguments)
      throws IOException, InterruptedException {
    Optional<ProcessHandle> other = Pidfile.holder(pidfile);
    if (other.isPresent()) {
      err.printf("%s: runs already, as process %d%n", name, other.get().pid());
      return ExitCode.CHECK_FAILED;
    }
    List<String> foreground =
        Arrays.stream(arguments).filter(argument -> !argument.matches("-d|--daemon")).toList();
    Optional<Process> started = Background.start(getClass(), foreground, pidfile, log);
    if (started.isEmpty()) {
      err.printf("%s: did not start; %s tells why%n", name, log);
      return ExitCode.INTERNAL_ERROR;
    }
    out.printf("%s: runs as process %d, log in %s%n", name, started.get().pid(), log);
    return ExitCode.OK;
  }

  private ExitCode stop(Path pidfile)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    Optional<ProcessHandle> process = Pidfile.holder(pidfile);
    if (process.isEmpty()) {
      return notRunning(pidfile);
    }
    process.get().destroy();
    process.get().onExit().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    out.printf("%s: process %d has stopped%n", name, process.get().pid());
    return ExitCode.OK;
  }

  private ExitCode reload(Path pidfile) throws IOException, InterruptedException {
    Optional<ProcessHandle> process = Pidfile.holder(pidfile);
    if (process.isEmpty()) {
      return notRunning(pidfile);
    }
    Hangup.send(process.get());
    out.printf("%s: process %d reads its configuration again%n", name, process.get().pid());
    return ExitCode.OK;
  }

  private ExitCode status(Settings loaded) throws IOException {
    Optional<Path> pidfile = loaded.find(PIDFILE);
    if (pidfile.isPresent()) {
      Optional<ProcessHandle> process = Pidfile.holder(pidfile.get());
      if (process.isEmpty()) {
        status(loaded, out, err);
        return notRunning(pidfile.get());
      }
      out.printf("%s: runs as process %d%n", name, process.get().pid());
    }
    return status(loaded, out, err);
  }

  private ExitCode notRunning(Path pidfile) {
    err.printf("%s: does not run: no process has %s%n", name, pidfile);
    return ExitCode.NOT_FOUND;
  }
}
