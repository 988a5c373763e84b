package io.pgq4j.admin.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Option;

/**
 * A command that takes something away for good: it says what before, and asks. Where nobody can be
 * asked, it wants {@code --yes}.
 */
public abstract class DestructiveCommand extends AdminCommand {
  private static final Set<String> YES = Set.of("y", "yes");

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask. Needed where there is no terminal.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Only say what would be done.")
  private boolean dryRun;

  /**
   * Looks what the command is about to do, and changes nothing.
   *
   * @return a sentence that begins with a verb, such as "Drop queue 'jobs' with …"
   * @throws RuntimeException if it cannot be done: nobody is asked then
   */
  protected abstract String plan(Connection connection);

  /** Does it. */
  protected abstract void execute();

  @Override
  protected final void run() {
    if (yes && !dryRun) {
      execute();
      return;
    }
    String plan = onConnection(this::plan);
    if (dryRun) {
      say("It would: " + plan);
      print(JsonObject.of("would", plan));
    } else if (confirmed(plan)) {
      execute();
    } else {
      throw usage("Nothing was done.");
    }
  }

  private boolean confirmed(String plan) {
    if (!terminal().interactive()) {
      throw usage(plan + " Add --yes to do it, or --dry-run: there is no terminal to ask on.");
    }
    ask(plan + " Go on? [y/N]");
    try {
      String answer = terminal().in().readLine();
      return answer != null && YES.contains(answer.strip().toLowerCase(Locale.ROOT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
