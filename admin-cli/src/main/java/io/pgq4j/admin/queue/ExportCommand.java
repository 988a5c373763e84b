package io.pgq4j.admin.queue;

import io.pgq4j.QueueAdmin;
import io.pgq4j.QueueInfo;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Prints what queues are, as JSON for import: settings, consumers, watched tables and rights.",
      "Neither events nor positions are in it.",
      "JSON: {\"queues\": [{\"queue\": …, \"settings\": {…}, \"consumers\": […], \"watches\":"
          + " [{\"table\": …, \"options\": {…}}], \"grants\": [{\"role\": …, \"right\": …}]}]}"
    },
    footer = "  pgq-admin export jobs")
public final class ExportCommand extends AdminCommand {
  @Parameters(
      index = "0..*",
      arity = "0..*",
      paramLabel = "QUEUE",
      description = "The queues. Default: all.")
  private List<String> queues = List.of();

  @Override
  protected void run() {
    List<Map<String, @Nullable Object>> all =
        onConnection(
            connection -> {
              queues.forEach(queue -> NotFound.unlessQueue(connection, queue));
              List<String> names =
                  queues.isEmpty()
                      ? QueueAdmin.on(connection).queues().stream().map(QueueInfo::name).toList()
                      : queues;
              return names.stream()
                  .map(queue -> QueueConfiguration.read(connection, queue).json())
                  .toList();
            });
    printJson(JsonObject.of("queues", all));
  }
}
