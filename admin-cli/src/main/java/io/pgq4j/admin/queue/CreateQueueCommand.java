package io.pgq4j.admin.queue;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "create-queue",
    description = {
      "Creates a queue, with its settings or not at all.",
      "A queue that exists is no error; the settings given here are then changed.",
      "The settings are those of 'config set'.",
      "JSON: {\"queue\": …, \"created\": true|false}"
    },
    footer = "  pgq-admin create-queue jobs ticker_max_count=1000 rotation_period='1 hour'")
public final class CreateQueueCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "NAME", description = "The new queue.")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "key=value",
      description = "Settings of the queue.")
  private List<String> settings = List.of();

  @Override
  protected void run() {
    Map<String, String> parsed = QueueSettings.parse(settings);
    boolean created = inTransaction(admin -> admin.createQueue(name, parsed));
    String queue = Printable.quoted(name);
    say(
        created
            ? "Queue " + queue + " created."
            : "Queue "
                + queue
                + " exists already"
                + (settings.isEmpty() ? "." : "; settings changed."));
    print(JsonObject.of("queue", name).with("created", created));
  }
}
