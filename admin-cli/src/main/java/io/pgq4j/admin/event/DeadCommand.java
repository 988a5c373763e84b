package io.pgq4j.admin.event;

import io.pgq4j.admin.internal.UsageErrors;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "dead",
    description = "Dead letters: events that a consumer gave up.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = "  pgq-admin dead list jobs mailer",
    subcommands = {
      DeadListCommand.class,
      DeadShowCommand.class,
      DeadRequeueCommand.class,
      DeadPurgeCommand.class
    })
public final class DeadCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    return UsageErrors.missingCommand(spec.commandLine());
  }
}
