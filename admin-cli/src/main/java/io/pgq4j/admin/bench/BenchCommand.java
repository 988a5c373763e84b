package io.pgq4j.admin.bench;

import io.pgq4j.admin.internal.UsageErrors;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The group of measurements. */
@Command(
    name = "bench",
    description = {
      "Measures pgq4j on your own server.",
      "Each measurement works in a scratch database, pgq4j_bench_ and a random number, which it"
          + " creates and always drops; so the user needs the right CREATEDB. It loads the server"
          + " while it runs."
    },
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = "  pgq-admin bench latency",
    subcommands = {
      LatencyCommand.class,
      CaptureCommand.class,
      InsertCommand.class,
      BatchesCommand.class,
      RetryCommand.class,
      ConsumeCommand.class,
      TicksCommand.class,
      IdleCommand.class
    })
public final class BenchCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    return UsageErrors.missingCommand(spec.commandLine());
  }
}
