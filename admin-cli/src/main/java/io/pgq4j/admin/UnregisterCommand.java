package io.pgq4j.admin;

import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "unregister",
    description = {
      "Takes a consumer off a queue; its position and its retries are gone.",
      "JSON: {\"queue\": …, \"consumer\": …, \"unregistered\": true}"
    },
    footer = "  pgq-admin unregister jobs mailer")
final class UnregisterCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Override
  protected void run() {
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
