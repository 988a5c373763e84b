package io.pgq4j.admin.event;

import io.pgq4j.EventWriter;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "insert",
    description = {
      "Inserts one event and prints its id.",
      "JSON: {\"queue\": …, \"event_id\": number}"
    },
    footer = "  pgq-admin insert jobs job.created '{\"id\": 1}'")
public final class InsertCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "TYPE", description = "The event's type, ev_type.")
  private String type = "";

  @Parameters(
      index = "2",
      paramLabel = "DATA",
      description = "The event's data, ev_data: any text, most often JSON.")
  private String data = "";

  @Override
  protected void run() {
    long id = onConnection(connection -> EventWriter.to(queue).insert(connection, type, data));
    print(JsonObject.of("queue", queue).with("event_id", id), out -> out.println(id));
  }
}
