package io.pgq4j.admin;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "register",
    description = {
      "Registers a consumer with a queue; it gets every event inserted from now on.",
      "One that is registered already keeps its position, which is no error.",
      "JSON: {\"queue\": …, \"consumer\": …, \"registered\": true|false}"
    },
    footer = "  pgq-admin register jobs mailer")
final class RegisterCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Override
  protected void run() {
    boolean registered = inTransaction(admin -> admin.register(queue, consumer));
    String both = Printable.quoted(consumer) + " of queue " + Printable.quoted(queue);
    say(
        registered
            ? "Consumer " + both + " registered."
            : "Consumer " + both + " is registered already and keeps its position.");
    print(JsonObject.of("queue", queue).with("consumer", consumer).with("registered", registered));
  }
}
