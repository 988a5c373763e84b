package io.pgq4j.admin.event;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "requeue",
    description = {
      "Sends events that a consumer gave up back to it, all of them or one. Attempts count anew.",
      "JSON: {\"queue\": …, \"consumer\": …, \"events\": number}"
    },
    footer = "  pgq-admin dead requeue jobs mailer 4711")
final class DeadRequeueCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "EVENT",
      description = "Only this one. Default: all.")
  private @Nullable Long event;

  @Override
  protected void run() {
    Long one = event;
    long events =
        inTransaction(
            admin -> {
              if (one == null) {
                return admin.requeueDeadLetters(queue, consumer);
              }
              if (!admin.requeueDeadLetter(queue, consumer, one)) {
                throw DeadShowCommand.none(queue, consumer, one);
              }
              return 1L;
            });
    say(events + " events are sent back to consumer " + Printable.quoted(consumer) + ".");
    print(JsonObject.of("queue", queue).with("consumer", consumer).with("events", events));
  }
}
