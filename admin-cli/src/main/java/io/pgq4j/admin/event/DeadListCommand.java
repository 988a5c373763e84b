package io.pgq4j.admin.event;

import io.pgq4j.DeadLetter;
import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.Rows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "list",
    description = {
      "Lists the events that a consumer gave up, by their id, with the first line of the reason.",
      "The consumer need not be registered any more. 'pgq-admin consumers' counts them.",
      "JSON: {\"dead_letters\": [{\"event_id\": number, \"gave_up\": …, \"attempts\": number,"
          + " \"reason\": …, …}]}"
    },
    footer = "  pgq-admin dead list jobs mailer --after 4711")
final class DeadListCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Option(names = "--after", paramLabel = "EVENT", description = "Only those with a higher id.")
  private long after;

  @Option(names = "--limit", paramLabel = "N", description = "How many. Default: 100.")
  private int limit = 100;

  @Override
  protected void run() {
    list(
        connection -> {
          Rows rows =
              Rows.of("dead_letters", "event_id", "gave_up", "attempts", "reason", "type", "data");
          for (DeadLetter each :
              QueueAdmin.on(connection).deadLetters(queue, consumer, after, limit)) {
            rows.add(
                each.eventId(),
                each.lastFailure(),
                each.attempts(),
                each.reason().lines().findFirst().orElse(""),
                each.type(),
                each.data());
          }
          return rows;
        });
  }
}
