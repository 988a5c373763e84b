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
import io.pgq4j.admin.shell.CompletionCommand;
import io.pgq4j.admin.shell.ManCommand;
import io.pgq4j.admin.status.StatusCommand;
import io.pgq4j.admin.watch.UnwatchTableCommand;
import io.pgq4j.admin.watch.WatchTableCommand;
import io.pgq4j.admin.watch.WatchesCommand;
import io.pgq4j.admin.web.WebCommand;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
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
    footer = "  pgq-admin install")
final class PgqAdmin implements Callable<Integer> {
  /**
   * In the order of the help. A class is called as its command: create-queue, CreateQueueCommand.
   */
  private static final List<Class<?>> COMMANDS =
      List.of(
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
          WebCommand.class,
          BenchCommand.class,
          CompletionCommand.class,
          ManCommand.class,
          VersionCommand.class);

  /** They tell of all commands. */
  private static final Set<String> NEED_ALL = Set.of("completion", "man");

  private static final Pattern WORD = Pattern.compile("(?:^|-)(\\w)");

  @SuppressWarnings("NullAway.Init") // picocli sets it
  @Spec
  private CommandSpec spec;

  @Override
  public Integer call() {
    return UsageErrors.missingCommand(spec.commandLine());
  }

  /**
   * The commands that have to be known for a command line: the one that it begins with, if it does,
   * else all of them. Making them known is a large part of the time that a command takes.
   */
  static List<Class<?>> commands(String... args) {
    if (args.length == 0 || NEED_ALL.contains(args[0])) {
      return COMMANDS;
    }
    String name =
        WORD.matcher(args[0]).replaceAll(word -> word.group(1).toUpperCase(Locale.ROOT))
            + "Command";
    List<Class<?>> called =
        COMMANDS.stream().filter(command -> command.getSimpleName().equals(name)).toList();
    return called.isEmpty() ? COMMANDS : called;
  }
}
