package io.pgq4j.admin.consumer;

import io.pgq4j.ConsumerInfo;
import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.DestructiveCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Printable;
import java.sql.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "unregister",
    description = {
      "Takes a consumer off a queue; its position and its retries are gone.",
      "JSON: {\"queue\": …, \"consumer\": …, \"unregistered\": true}"
    },
    footer = "  pgq-admin unregister jobs mailer --yes")
public final class UnregisterCommand extends DestructiveCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Override
  protected String plan(Connection connection) {
    ConsumerInfo info = NotFound.orConsumer(connection, queue, consumer);
    return "Unregister consumer "
        + Printable.quoted(consumer)
        + " of queue "
        + Printable.quoted(queue)
        + ": its position, its retries and what it has not read ("
        + (info.pendingEvents() == null ? "unknown" : info.pendingEvents())
        + " events) are gone for it.";
  }

  @Override
  protected void execute() {
    onConnection(
        connection -> {
          if (!QueueAdmin.on(connection).unregister(queue, consumer)) {
            throw NotFound.consumer(connection, queue, consumer);
          }
          return true;
        });
    say(
        "Consumer "
            + Printable.quoted(consumer)
            + " of queue "
            + Printable.quoted(queue)
            + " unregistered.");
    print(JsonObject.of("queue", queue).with("consumer", consumer).with("unregistered", true));
  }
}
