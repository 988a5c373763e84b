package io.pgq4j.admin;

import io.pgq4j.admin.bench.BenchCommand;
import io.pgq4j.admin.consumer.BatchesCommand;
import io.pgq4j.admin.consumer.ConsumersCommand;
import io.pgq4j.admin.consumer.RegisterCommand;
import io.pgq4j.admin.consumer.ReplayCommand;
import io.pgq4j.admin.consumer.SeekCommand;
import io.pgq4j.admin.consumer.UnregisterCommand;
import io.pgq4j.admin.doctor.DoctorCommand;
import io.pgq4j.admin.event.DeadCommand;
import io.pgq4j.admin.event.InsertCommand;
import io.pgq4j.admin.event.RetriesCommand;
import io.pgq4j.admin.event.ShowCommand;
import io.pgq4j.admin.event.TailCommand;
import io.pgq4j.admin.internal.UsageErrors;
import io.pgq4j.admin.maintain.CompactCommand;
import io.pgq4j.admin.maintain.RebaseCommand;
import io.pgq4j.admin.maintain.RotateCommand;
import io.pgq4j.admin.maintain.TickCommand;
import io.pgq4j.admin.maintain.TicksCommand;
import io.pgq4j.admin.queue.ConfigCommand;
import io.pgq4j.admin.queue.CreateQueueCommand;
import io.pgq4j.admin.queue.DropQueueCommand;
import io.pgq4j.admin.queue.ExportCommand;
import io.pgq4j.admin.queue.GrantCommand;
import io.pgq4j.admin.queue.ImportCommand;
import io.pgq4j.admin.queue.PauseCommand;
import io.pgq4j.admin.queue.ResumeCommand;
import io.pgq4j.admin.queue.RevokeCommand;
import io.pgq4j.admin.status.StatusCommand;
import io.pgq4j.admin.watch.UnwatchTableCommand;
import io.pgq4j.admin.watch.WatchTableCommand;
import io.pgq4j.admin.watch.WatchesCommand;
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
      UpgradeCommand.class,
      UninstallCommand.class,
      CreateQueueCommand.class,
      DropQueueCommand.class,
      ConfigCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      StatusCommand.class,
      ConsumersCommand.class,
      BatchesCommand.class,
      RegisterCommand.class,
      UnregisterCommand.class,
      SeekCommand.class,
      ReplayCommand.class,
      WatchTableCommand.class,
      UnwatchTableCommand.class,
      WatchesCommand.class,
      InsertCommand.class,
      TailCommand.class,
      ShowCommand.class,
      RetriesCommand.class,
      DeadCommand.class,
      TickCommand.class,
      TicksCommand.class,
      RotateCommand.class,
      CompactCommand.class,
      RebaseCommand.class,
      GrantCommand.class,
      RevokeCommand.class,
      ExportCommand.class,
      ImportCommand.class,
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
