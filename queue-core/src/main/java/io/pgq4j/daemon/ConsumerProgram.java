package io.pgq4j.daemon;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerInfo;
import io.pgq4j.Databases;
import io.pgq4j.NoSuchConsumerException;
import io.pgq4j.NoSuchQueueException;
import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueConnectionException;
import io.pgq4j.QueueException;
import io.pgq4j.SchemaMissingException;
import io.pgq4j.Setting;
import io.pgq4j.Settings;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A consumer as a program. */
final class ConsumerProgram extends DaemonProgram {
  private static final String HELP =
      """
      Usage: NAME CONFIG [-v | -q] [-d]
             NAME CONFIG -s | -r | --status | --check | --register | --bootstrap | --unregister
             NAME CONFIG --dump-config
             NAME --sample-config | --help

      SUMMARY

        CONFIG            a properties file; see --sample-config
        -v, --verbose     also say what is done in detail
        -q, --quiet       say only what is wrong
        -d, --daemon      run in the background; needs pidfile and log-file in CONFIG
        -s, --stop        stop the one that runs with CONFIG's pidfile, and wait until it has ended
        -r, --reload      have it read CONFIG again, as SIGHUP does; if CONFIG is wrong it goes on
                          with what it has
            --status      say whether it runs, and how far the consumer is
            --check       ask the database, and what else it needs, whether it could work; changes
                          nothing
            --register    register the consumer: it gets what is committed from then on
            --bootstrap   register it and give it the rows that are there, if it is one that takes
                          them; then it gets what is committed from then on
            --unregister  remove the consumer; what it has not processed yet is gone for it
            --dump-config print the configuration in force, without passwords
            --sample-config  print a configuration with all keys and their defaults
        -h, --help        print this

      Environment variables win over CONFIG: PGQ_URL over url. --KEY=VALUE wins over both.

      Exit codes: 0 done, or stopped by a signal; 1 internal error, or the stop took too long; 2 wrong
      command line or configuration; 3 cannot connect; 4 no such queue or consumer, or none runs (-s,
      -r, --status); 5 schema missing; 6 runs already, or the check failed.
      """;

  private final ReadyConsumer kind;
  private final List<String> command;
  private final Map<String, String> environment;

  ConsumerProgram(
      String name,
      List<String> command,
      ReadyConsumer kind,
      PrintStream out,
      PrintStream err,
      Map<String, String> environment) {
    super(
        name,
        HELP.replace("NAME", name).replace("SUMMARY", kind.summary()),
        settings(kind),
        out,
        err,
        environment);
    this.kind = kind;
    this.command = command;
    this.environment = environment;
  }

  private static List<Setting<?>> settings(ReadyConsumer kind) {
    List<Setting<?>> all = new ArrayList<>();
    all.add(Databases.URL);
    all.addAll(kind.settings());
    all.addAll(ConsumerKeys.RUNNING);
    Set<String> names = new HashSet<>();
    for (Setting<?> setting : all) {
      if (!names.add(setting.name())) {
        throw new IllegalArgumentException(
            "the setting \"" + setting.name() + "\" is declared twice: give yours another name");
      }
    }
    return all;
  }

  @Override
  protected List<String> command() {
    return command;
  }

  @Override
  protected Map<String, Action> actions() {
    return Map.of(
        "--register", this::register,
        "--bootstrap", this::bootstrap,
        "--unregister", this::unregister);
  }

  @Override
  protected Service create(Settings settings) {
    return new ConsumerService(kind, settings, environment);
  }

  @Override
  protected ExitCode check(Settings settings, PrintStream out, PrintStream err) {
    return ask(settings, err, (consumer, admin) -> check(settings, consumer, admin, out, err));
  }

  private static ExitCode check(
      Settings settings, Consumer consumer, QueueAdmin admin, PrintStream out, PrintStream err) {
    boolean registered = find(consumer, admin).isPresent();
    if (!registered && !settings.get(ConsumerKeys.REGISTER)) {
      err.println(name(consumer) + " is not registered, and register is false");
      return ExitCode.NOT_FOUND;
    }
    if (consumer instanceof SelfCheck self) {
      try {
        self.check();
      } catch (Exception e) {
        return failed(consumer, e, err);
      }
    }
    out.println(
        name(consumer) + ": ok" + (registered ? "" : ", it will be registered when it starts"));
    return ExitCode.OK;
  }

  @Override
  protected ExitCode status(Settings settings, PrintStream out, PrintStream err) {
    return ask(
        settings,
        err,
        (consumer, admin) -> {
          Optional<ConsumerInfo> info = find(consumer, admin);
          if (info.isEmpty()) {
            err.println(name(consumer) + " is not registered");
            return ExitCode.NOT_FOUND;
          }
          ConsumerInfo found = info.get();
          out.printf(
              "%s: about %s events to come%s; last seen %s%s%n",
              name(consumer),
              found.pendingEvents() == null ? "some" : found.pendingEvents(),
              found.lag() == null ? "" : ", since " + found.lag().toSeconds() + " s",
              found.lastSeen() == null ? "never" : found.lastSeen().toSeconds() + " s ago",
              found.pausedAt() == null ? "" : "; paused since " + found.pausedAt());
          return ExitCode.OK;
        });
  }

  private ExitCode register(Settings settings, PrintStream out, PrintStream err) {
    return ask(
        settings,
        err,
        (consumer, admin) -> {
          boolean added = admin.register(consumer.queue(), consumer.name());
          out.println(name(consumer) + (added ? " is registered" : " was registered before"));
          return ExitCode.OK;
        });
  }

  private ExitCode bootstrap(Settings settings, PrintStream out, PrintStream err) {
    return ask(
        settings,
        err,
        (consumer, admin) -> {
          if (!(consumer instanceof SelfBootstrap self)) {
            err.println(name(consumer) + " takes no rows, only changes: use --register");
            return ExitCode.USAGE;
          }
          try {
            out.println(name(consumer) + ": took over " + self.bootstrap() + " rows");
            return ExitCode.OK;
          } catch (QueueException e) {
            throw e;
          } catch (Exception e) {
            return failed(consumer, e, err);
          }
        });
  }

  private static ExitCode failed(Consumer consumer, Exception e, PrintStream err) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERNAL_ERROR;
    }
    err.println(name(consumer) + ": " + e.getMessage());
    return ExitCode.CHECK_FAILED;
  }

  private ExitCode unregister(Settings settings, PrintStream out, PrintStream err) {
    return ask(
        settings,
        err,
        (consumer, admin) -> {
          if (!admin.unregister(consumer.queue(), consumer.name())) {
            err.println(name(consumer) + " is not registered");
            return ExitCode.NOT_FOUND;
          }
          out.println(name(consumer) + " is not registered any more");
          return ExitCode.OK;
        });
  }

  private interface Question {
    ExitCode ask(Consumer consumer, QueueAdmin admin);
  }

  private ExitCode ask(Settings settings, PrintStream err, Question question) {
    String url = settings.find(Databases.URL).orElse(null);
    Consumer consumer = kind.create(settings);
    try {
      return question.ask(consumer, QueueAdmin.of(Databases.dataSource(url, environment)));
    } catch (QueueException e) {
      err.println(Databases.describe(url, environment) + ": " + e.getMessage());
      return code(e);
    } finally {
      ConsumerService.close(consumer);
    }
  }

  private static Optional<ConsumerInfo> find(Consumer consumer, QueueAdmin admin) {
    return admin.consumers(consumer.queue()).stream()
        .filter(info -> info.name().equals(consumer.name()))
        .findFirst();
  }

  private static String name(Consumer consumer) {
    return "consumer " + consumer.name() + " of queue " + consumer.queue();
  }

  private static ExitCode code(QueueException e) {
    if (e instanceof QueueConnectionException) {
      return ExitCode.CANNOT_CONNECT;
    }
    if (e instanceof SchemaMissingException) {
      return ExitCode.SCHEMA;
    }
    return e instanceof NoSuchQueueException || e instanceof NoSuchConsumerException
        ? ExitCode.NOT_FOUND
        : ExitCode.CHECK_FAILED;
  }
}
