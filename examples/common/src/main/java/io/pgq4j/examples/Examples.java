package io.pgq4j.examples;

import io.pgq4j.QueueConnectionException;
import io.pgq4j.QueueException;
import io.pgq4j.sql.SchemaException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The program bin/example: runs the example of a name. */
@Command(
    name = "example",
    usageHelpAutoWidth = true,
    synopsisSubcommandLabel = "NAME [OPTION...]",
    description = "Runs a small whole system on pgq4j, on a PostgreSQL of its own.",
    commandListHeading = "%nNames:%n",
    footer = {"", "example NAME --help tells more."})
public final class Examples {
  private static final int INTERNAL = 1;
  private static final int USAGE = 2;
  private static final int CANNOT_CONNECT = 3;
  private static final int SCHEMA = 5;
  private static final Duration TIME_TO_CLEAN_UP = Duration.ofSeconds(30);

  @SuppressWarnings("UnusedVariable") // picocli looks at it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this")
  private boolean help;

  private Examples() {}

  public static void main(String[] args) {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(stopped), "stop"));
    CommandLine examples = new CommandLine(new Examples());
    ServiceLoader.load(Example.class).forEach(examples::addSubcommand);
    int exitCode;
    try {
      exitCode =
          examples
              .setParameterExceptionHandler(Examples::refuse)
              .setExecutionExceptionHandler((error, command, parsed) -> explain(error, command))
              .execute(args);
    } finally {
      stopped.countDown();
    }
    System.exit(exitCode);
  }

  /** On ^C and SIGTERM: nothing of the example outlives it. */
  private static void stopAndWait(CountDownLatch stopped) {
    Stage.STOP.countDown();
    try {
      if (!stopped.await(TIME_TO_CLEAN_UP.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("example: could not stop everything in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int refuse(ParameterException error, String... args) {
    CommandLine command = error.getCommandLine();
    String called = command.getCommandSpec().qualifiedName();
    System.err.println(
        command.getCommandName()
            + ": "
            + error.getMessage()
            + ". Run bin/"
            + called
            + " --help for more.");
    return USAGE;
  }

  private static int explain(Exception error, CommandLine command) {
    RuntimeException known = error instanceof SQLException sql ? QueueException.of(sql) : null;
    Exception shown = known == null ? error : known;
    String message = shown.getMessage();
    System.err.println(
        command.getCommandName() + ": " + (message == null ? shown.toString() : message));
    if (shown instanceof QueueConnectionException) {
      return CANNOT_CONNECT;
    }
    return shown instanceof SchemaException ? SCHEMA : INTERNAL;
  }
}
