package io.pgq4j.examples;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * A small whole system on pgq4j, run by {@code bin/example NAME}: starts its database, shows its
 * work, and ends by itself, after {@code --for}, or on ^C. NAME is that of the subclass' {@link
 * Command}; options of its own are declared there.
 */
@Command(sortOptions = false, usageHelpAutoWidth = true)
public abstract class Example implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "End after this time, as in 20s or 2m. Default: when everything has been shown")
  private @Nullable Duration time;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "Use this database instead of one of the example's own; adds the schema pgq and one of the"
              + " example, drops nothing. The password comes from PGPASSWORD or ~/.pgpass")
  private @Nullable String database;

  @Option(
      names = "--keep",
      paramLabel = "DIR",
      description =
          "Keep the example's own database in this directory, and go on with what is there")
  private @Nullable Path keep;

  @SuppressWarnings("UnusedVariable") // picocli looks at it
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this")
  private boolean help;

  /** Refuses options that make no sense, by {@link #check}, before anything is started. */
  protected void checkOptions() {}

  /** Shows it. What it starts it stops; the database is stopped by the caller. */
  protected abstract void show(Stage stage) throws Exception;

  /** Ends the program, with what is wrong about the options, unless valid. */
  protected final void check(boolean valid, String message) {
    if (!valid) {
      if (spec == null) {
        throw new IllegalStateException("not run by picocli");
      }
      throw new ParameterException(spec.commandLine(), message);
    }
  }

  @Override
  public final Integer call() throws Exception {
    check(
        keep == null || database == null, "--keep is for the example's own database: leave it out");
    check(
        database == null || !holdsPassword(database),
        "--database holds a password, which every user of this machine can read in the process"
            + " list: leave it out and put it into PGPASSWORD or ~/.pgpass");
    checkOptions();
    try (ExampleDatabase where = ExampleDatabase.open(database, keep)) {
      show(new Stage(where, time));
    }
    return 0;
  }

  private static boolean holdsPassword(String url) {
    return url.matches("(?is).*//[^/?]*:[^@/?]*@.*|.*[?&](ssl)?password=.*");
  }
}
