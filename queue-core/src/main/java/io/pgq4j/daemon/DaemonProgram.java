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
 * again, {@code --status}, {@code --check}, {@code --dump-config}, {@code --sample-config}. A
 * setting may be given as {@code --NAME=VALUE}, too.
 *
 * <p>SIGTERM and SIGINT stop it cleanly, with exit code 0. A CONFIG that was made wrong meanwhile
 * is not taken: the program says so and goes on with the old one.
 *
 * <p>Logging is by slf4j. Logback, where the application has it, is told what to do, unless {@code
 * logback.configurationFile} is set.
 */
public abstract class DaemonProgram {
  /** Where the process id is written. */
  private static final Setting<Path> PIDFILE =
      Setting.path("pidfile", null, "where to write the process id; needed by -d, -s and -r");

  private static final Setting<Path> LOG_FILE =
      Setting.path("log-file", null, "where to log to, instead of stderr; needed by -d");

  private static final Setting<Logs.Format> LOG_FORMAT =
      Setting.oneOf(
          "log-format",
          Logs.Format.class,
          Logs.Format.TEXT,
          "lines for people, or a JSON object each");

  private static final Duration STOP_PATIENCE = Duration.ofSeconds(30);

  /** What the program does, between its start and its end. */
  public interface Service {
    /**
     * Starts; returns at once.
     *
     * @throws IllegalArgumentException with a sentence for the user: the configuration cannot be
     *     followed here, and nothing was started
     */
    void start();

    /**
     * Goes on with another configuration.
     *
     * @throws IllegalArgumentException with a sentence for the user: nothing was changed
     */
    void reload(Settings settings);

    /**
     * What is so wrong with the process that only starting it anew helps; empty: nothing. The
     * watchdog of systemd is kept quiet by the empty list only.
     */
    default List<String> faults() {
      return List.of();
    }

    /** Stops; whether that was possible in time, and it had worked until then. */
    boolean stop();
  }

  /** What an option of the program's own does. */
  protected interface Action {
    /** Does it, says so on out or err, and returns. */
    ExitCode run(Settings settings, PrintStream out, PrintStream err);
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

  /** Options of the program's own that say what to do, such as {@code --register}. */
  protected Map<String, Action> actions() {
    return Map.of();
  }

  /** How to call the program in a process of its own: the main class, and first arguments. */
  protected List<String> command() {
    return List.of(getClass().getName());
  }

  /** Does what the command line says. */
  public final ExitCode run(String... arguments) {
    try {
      Arguments parsed = Arguments.parse(actions().keySet(), arguments);
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
    } catch (IOException | ExecutionException e) {
      err.println(name + ": " + e.getMessage());
      return ExitCode.INTERNAL_ERROR;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERNAL_ERROR;
    }
  }

  private ExitCode run(Arguments parsed, Settings loaded, String... arguments)
      throws IOException, InterruptedException, ExecutionException {
    if (parsed.mode() == Arguments.Mode.RUN) {
      Logs.configure(parsed.logLevel(), loaded.get(LOG_FORMAT), loaded.find(LOG_FILE));
    } else {
      // A command that answers and ends: its output is for who called it.
      Logs.configure(Arguments.LogLevel.WARN, Logs.Format.TEXT, Optional.empty());
    }
    Service service = create(loaded);
    return switch (parsed.mode()) {
      case CHECK -> check(loaded, out, err);
      case ACTION -> Objects.requireNonNull(actions().get(parsed.action())).run(loaded, out, err);
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
    return Settings.load(
        settings, parsed.flags(), environment, Objects.requireNonNull(parsed.config()));
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
    Systemd systemd = new Systemd(environment, log);
    Semaphore hangups = new Semaphore(0);
    Hangup.handle(hangups::release);
    try {
      service.start();
    } catch (IllegalArgumentException e) {
      if (pidfile != null) {
        pidfile.close();
      }
      throw e;
    }
    Runtime.getRuntime()
        .addShutdownHook(new Thread(new ShutDown(log, service, pidfile, systemd), "stop"));
    systemd.tell("READY=1");
    systemd.watch(service::faults);
    while (true) {
      hangups.acquire();
      hangups.drainPermits();
      systemd.tell("RELOADING=1");
      reload(parsed, service, log);
      systemd.tell("READY=1");
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
  private record ShutDown(Logger log, Service service, @Nullable Pidfile pidfile, Systemd systemd)
      implements Runnable {

    @Override
    public void run() {
      log.info("stopping");
      systemd.tell("STOPPING=1");
      boolean clean = service.stop();
      try {
        if (pidfile != null) {
          pidfile.close();
        }
      } catch (IOException e) {
        log.warn("cannot remove the pidfile: {}", e.getMessage());
      }
      log.info("stopped{}", clean ? "" : ", but not cleanly");
      Runtime.getRuntime().halt((clean ? ExitCode.OK : ExitCode.INTERNAL_ERROR).code());
    }
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
    Optional<Process> started = Background.start(command(), foreground, pidfile, log);
    if (started.isEmpty()) {
      err.printf("%s: did not start; %s tells why%n", name, log);
      return ExitCode.INTERNAL_ERROR;
    }
    out.printf("%s: runs as process %d, log in %s%n", name, started.get().pid(), log);
    return ExitCode.OK;
  }

  private ExitCode stop(Path pidfile) throws IOException, InterruptedException, ExecutionException {
    Optional<ProcessHandle> process = Pidfile.holder(pidfile);
    if (process.isEmpty()) {
      return notRunning(pidfile);
    }
    process.get().destroy();
    try {
      process.get().onExit().get(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      err.printf("%s: process %d has not stopped yet%n", name, process.get().pid());
      return ExitCode.INTERNAL_ERROR;
    }
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
