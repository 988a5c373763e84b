package io.pgq4j.admin;

import io.pgq4j.admin.bench.BenchCommand;
import io.pgq4j.admin.doctor.DoctorCommand;
import io.pgq4j.admin.internal.UsageErrors;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The root of all commands. A group of commands (bench …) is one more entry in the list. */
@Command(
    name = "pgq-admin",
    description = "Installs pgq4j in a PostgreSQL database; creates, inspects and feeds queues.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = VersionCommand.Provider.class,
    commandListHeading = "%nCommands:%n",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:internal error; -v shows the stack trace",
      "2:the command line, a setting or a name is not acceptable",
      "3:cannot connect",
      "4:no such queue, consumer or table",
      "5:schema pgq missing, of another program or of another version",
      "6:a check failed: the state or the rights of the database forbid it"
    },
    footer = "  pgq-admin install",
    subcommands = {
      InstallCommand.class,
      CreateQueueCommand.class,
      DropQueueCommand.class,
      StatusCommand.class,
      RegisterCommand.class,
      UnregisterCommand.class,
      WatchTableCommand.class,
      UnwatchTableCommand.class,
      InsertCommand.class,
      TickCommand.class,
      DoctorCommand.class,
      BenchCommand.class,
      VersionCommand.class
    })
final class PgqAdmin implements Callable<Integer> {
  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    return UsageErrors.missingCommand(spec.commandLine());
  }
}
