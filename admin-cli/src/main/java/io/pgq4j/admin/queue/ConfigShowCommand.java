package io.pgq4j.admin.queue;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Rows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Shows the settings of a queue, as 'config set' takes them, and what a new queue has.",
      "JSON: {\"settings\": [{\"setting\": …, \"value\": …, \"default\": …}]}"
    },
    footer = "  pgq-admin config show jobs")
final class ConfigShowCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Override
  protected void run() {
    list(
        connection -> {
          NotFound.unlessQueue(connection, queue);
          Rows rows = Rows.of("settings", "setting", "value", "default");
          QueueSettings.of(connection, queue)
              .forEach((name, value) -> rows.add(name, value, QueueSettings.DEFAULTS.get(name)));
          return rows;
        });
  }
}
