package io.pgq4j.admin.consumer;

import io.pgq4j.ConsumerInfo;
import io.pgq4j.QueueAdmin;
import io.pgq4j.admin.internal.DestructiveCommand;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Position;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Tick;
import java.sql.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "seek",
    description = {
      "Moves a consumer to another place in its queue: back, so that it gets events again, or"
          + " ahead, so that it misses some.",
      "It may be running. A batch that it has open is abandoned; its retries and dead letters stay."
          + " To have only some events again, see replay.",
      "JSON: {\"queue\": …, \"consumer\": …, \"tick_id\": number}"
    },
    footer = "  pgq-admin seek jobs mailer 30m --yes")
public final class SeekCommand extends DestructiveCommand {
  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Parameters(
      index = "2",
      paramLabel = "WHERE",
      converter = Position.Converter.class,
      description = "Where it goes on: " + Position.HELP)
  private Position where = Position.latest();

  @Override
  protected String plan(Connection connection) {
    ConsumerInfo info = NotFound.orConsumer(connection, queue, consumer);
    Tick tick = where.resolve(connection, queue);
    Long now = info.lastTick();
    String direction =
        now == null ? "" : tick.id() < now ? "back " : tick.id() > now ? "ahead " : "";
    return "Move consumer "
        + Printable.quoted(consumer)
        + " of queue "
        + Printable.quoted(queue)
        + " "
        + direction
        + "from tick "
        + now
        + " to tick "
        + tick.id()
        + " of "
        + tick.time()
        + (info.currentBatch() == null ? "." : ", and abandon batch " + info.currentBatch() + ".");
  }

  @Override
  protected void execute() {
    long tick =
        onConnection(
            connection -> {
              long id = where.resolve(connection, queue).id();
              QueueAdmin.on(connection).seek(queue, consumer, id);
              return id;
            });
    say(
        "Consumer "
            + Printable.quoted(consumer)
            + " of queue "
            + Printable.quoted(queue)
            + " goes on after tick "
            + tick
            + ".");
    print(JsonObject.of("queue", queue).with("consumer", consumer).with("tick_id", tick));
  }
}
