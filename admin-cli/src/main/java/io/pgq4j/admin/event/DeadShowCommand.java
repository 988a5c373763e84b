package io.pgq4j.admin.event;

import io.pgq4j.DeadLetter;
import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Rows;
import java.sql.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Shows one event that a consumer gave up, with all of the reason.",
      "JSON: {\"dead_letters\": [{\"event_id\": number, \"first_failed\": …, \"reason\": …, …}]}"
    },
    footer = "  pgq-admin dead show jobs mailer 4711")
final class DeadShowCommand extends AdminCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Parameters(index = "2", paramLabel = "EVENT", description = "The event's id, ev_id.")
  private long event;

  @Override
  protected void run() {
    details(this::find);
  }

  private Rows find(Connection connection) {
    DeadLetter letter =
        QueueAdmin.on(connection).deadLetters(queue, consumer, event - 1, 1).stream()
            .filter(each -> each.eventId() == event)
            .findFirst()
            .orElseThrow(() -> none(queue, consumer, event));
    return Rows.of(
            "dead_letters",
            "event_id",
            "event_time",
            "first_failed",
            "gave_up",
            "attempts",
            "reason",
            "type",
            "data",
            "extra1",
            "extra2",
            "extra3",
            "extra4")
        .add(
            letter.eventId(),
            letter.eventTime(),
            letter.firstFailure(),
            letter.lastFailure(),
            letter.attempts(),
            letter.reason(),
            letter.type(),
            letter.data(),
            letter.extra1(),
            letter.extra2(),
            letter.extra3(),
            letter.extra4());
  }

  static CommandFailure none(String queue, String consumer, long event) {
    return new CommandFailure(
        ExitCode.NOT_FOUND,
        "Consumer "
            + Printable.quoted(consumer)
            + " of queue "
            + Printable.quoted(queue)
            + " has no dead letter "
            + event
            + "; 'pgq-admin dead list QUEUE CONSUMER' lists them.");
  }
}
