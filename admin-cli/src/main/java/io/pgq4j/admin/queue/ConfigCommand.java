package io.pgq4j.admin.queue;

import io.pgq4j.admin.internal.UsageErrors;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "config",
    description = "Shows and changes the settings of a queue.",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    footer = "  pgq-admin config show jobs",
    subcommands = {ConfigShowCommand.class, ConfigSetCommand.class})
public final class ConfigCommand implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    return UsageErrors.missingCommand(spec.commandLine());
  }
}
