package io.pgq4j.examples.upstats;

import io.pgq4j.QueueConnectionException;
import io.pgq4j.QueueException;
import io.pgq4j.consumers.telegram.BotToken;
import io.pgq4j.sql.SchemaException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program bin/demo: shows UpStats at work. */
@Command(
    name = "demo",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Shows UpStats at work: job ads are committed to a table, and within milliseconds each is sent"
          + " to the chats whose search streams it matches. Nothing polls.",
      "",
      "Without TELEGRAM_BOT_TOKEN (or TELEGRAM_BOT_TOKEN_FILE) a local stand-in of Telegram's Bot"
          + " API takes the messages."
    },
    footer = {
      "",
      "Examples:",
      "  bin/demo --for 20s",
      "  bin/demo --keep ~/upstats     (again: goes on where it stopped)",
      "  bin/demo --database postgresql://me@localhost/scratch"
    })
public final class Demo implements Callable<Integer> {
  private static final int INTERNAL = 1;
  private static final int USAGE = 2;
  private static final int CANNOT_CONNECT = 3;
  private static final int SCHEMA = 5;
  private static final Duration TIME_TO_CLEAN_UP = Duration.ofSeconds(30);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "End after this time, as in 20s or 2m. Default: when all ads have been sent")
  private @Nullable Duration time;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "5",
      description = "Ads per second, default ${DEFAULT-VALUE}")
  private double rate;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description = "Keep the demo's database in this directory, and go on with what is there")
  private @Nullable Path keep;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "Use this database instead of one of the demo's own; adds the schemas pgq and upstats,"
              + " drops nothing. The password comes from PGPASSWORD or ~/.pgpass")
  private @Nullable String database;

  @Option(
      names = "--chat",
      paramLabel = "ID",
      description = "Send all messages to this chat; needed when there is a TELEGRAM_BOT_TOKEN")
  private @Nullable Long chat;

  @SuppressWarnings("UnusedVariable") // picocli looks at it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this")
  private boolean help;

  private final PrintWriter out;
  private final CountDownLatch stop;

  private Demo(PrintWriter out, CountDownLatch stop) {
    this.out = out;
    this.stop = stop;
  }

  public static void main(String[] args) {
    // Not the locale's encoding: the ads are in many languages.
    PrintWriter out =
        new PrintWriter(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(stop, stopped), "stop"));
    int exitCode =
        new CommandLine(new Demo(out, stop))
            .setParameterExceptionHandler(Demo::refuse)
            .setExecutionExceptionHandler((error, command, parsed) -> explain(error))
            .execute(args);
    stopped.countDown();
    System.exit(exitCode);
  }

  /** On ^C and SIGTERM: nothing of the demo outlives it. */
  private static void stopAndWait(CountDownLatch stop, CountDownLatch stopped) {
    stop.countDown();
    try {
      if (!stopped.await(TIME_TO_CLEAN_UP.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.println("demo: could not stop everything in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Integer call() throws Exception {
    check(rate > 0 && rate <= 100_000, "--rate must be more than 0 and at most 100000");
    check(keep == null || database == null, "--keep is for the demo's own database: leave it out");
    check(
        database == null || !holdsPassword(database),
        "--database holds a password, which every user of this machine can read in the process"
            + " list: leave it out and put it into PGPASSWORD or ~/.pgpass");
    Optional<BotToken> token = token();
    check(
        token.isEmpty() || chat != null,
        "TELEGRAM_BOT_TOKEN is set: say with --chat ID which chat shall get the messages (write to"
            + " your bot first), or unset it to use the local stand-in");
    Screen screen = new Screen(out);
    screen.title("UpStats on pgq4j: a job ad is committed, a message arrives");
    try (DemoDatabase where = DemoDatabase.open(database, keep);
        Messenger messenger = Messenger.open(token)) {
      new Show(where, messenger, screen, stop).run(new Show.Plan(rate, time, chat));
    }
    return 0;
  }

  private Optional<BotToken> token() {
    try {
      return BotToken.fromEnvironment();
    } catch (IllegalArgumentException e) {
      throw usage(String.valueOf(e.getMessage()));
    }
  }

  private static boolean holdsPassword(String url) {
    return url.matches("(?is).*//[^/?]*:[^@/?]*@.*|.*[?&](ssl)?password=.*");
  }

  private void check(boolean valid, String message) {
    if (!valid) {
      throw usage(message);
    }
  }

  private ParameterException usage(String message) {
    if (spec == null) {
      throw new IllegalStateException("not run by picocli");
    }
    return new ParameterException(spec.commandLine(), message);
  }

  private static int refuse(ParameterException error, String... args) {
    System.err.println("demo: " + error.getMessage() + ". Run demo --help for the options.");
    return USAGE;
  }

  private static int explain(Exception error) {
    RuntimeException known = error instanceof SQLException sql ? QueueException.of(sql) : null;
    Exception shown = known == null ? error : known;
    String message = shown.getMessage();
    System.err.println("demo: " + (message == null ? shown.toString() : message));
    if (shown instanceof QueueConnectionException) {
      return CANNOT_CONNECT;
    }
    return shown instanceof SchemaException ? SCHEMA : INTERNAL;
  }
}
