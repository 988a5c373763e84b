package io.pgq4j.admin.event;

import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.Ages;
import io.pgq4j.admin.internal.DestructiveCommand;
import io.pgq4j.admin.internal.Durations;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Rows;
import java.sql.Connection;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "purge",
    description = {
      "Deletes events that a consumer gave up.",
      "JSON: {\"queue\": …, \"consumer\": …, \"events\": number}"
    },
    footer = "  pgq-admin dead purge jobs mailer --older-than 30d --yes")
final class DeadPurgeCommand extends DestructiveCommand {
  private static final String COUNT =
      """
      select count(*) from pgq.get_dead_letters(?, ?)
       where last_time < now() - make_interval(secs => ?) or ? = 0
      """;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Option(
      names = "--older-than",
      paramLabel = "TIME",
      converter = Ages.class,
      description = "Only those that were given up longer ago. Default: all.")
  private Duration olderThan = Duration.ZERO;

  @Override
  protected String plan(Connection connection) {
    QueueAdmin.on(connection).deadLetters(queue, consumer, 0, 1);
    double seconds = olderThan.toSeconds();
    long events =
        Rows.query(connection, "events", COUNT, queue, consumer, seconds, seconds).number();
    return "Delete "
        + events
        + " dead letters of consumer "
        + Printable.quoted(consumer)
        + " of queue "
        + Printable.quoted(queue)
        + (olderThan.isZero() ? "." : " that are older than " + Durations.exact(olderThan) + ".");
  }

  @Override
  protected void execute() {
    long events = inTransaction(admin -> admin.purgeDeadLetters(queue, consumer, olderThan));
    say(events + " dead letters of consumer " + Printable.quoted(consumer) + " deleted.");
    print(JsonObject.of("queue", queue).with("consumer", consumer).with("events", events));
  }
}
