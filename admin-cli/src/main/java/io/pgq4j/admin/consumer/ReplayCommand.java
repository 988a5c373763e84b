package io.pgq4j.admin.consumer;

import io.pgq4j.admin.internal.DestructiveCommand;
import io.pgq4j.admin.internal.EventFilter;
import io.pgq4j.admin.internal.JsonObject;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Position;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Rows;
import io.pgq4j.admin.internal.Tick;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "replay",
    description = {
      "Sends events of the past to one consumer again, through its retry queue: its position does"
          + " not move, and no other consumer gets them.",
      "They come in later batches, beside new events. Those that wait in its retry queue already"
          + " are left there.",
      "JSON: {\"queue\": …, \"consumer\": …, \"events\": number}"
    },
    footer = "  pgq-admin replay jobs mailer --from 2h --to 1h --type INSERT --yes")
public final class ReplayCommand extends DestructiveCommand {
  private static final String EVENTS =
      """
        from pgq.queue q
        join pgq.registration r on r.sub_queue = q.queue_id
        join pgq.consumer c on c.co_id = r.sub_consumer
        cross join pgq.get_events(q.queue_name, ?, ?::txid_snapshot, ?::txid_snapshot) e
       where q.queue_name = ? and c.co_name = ?
         and not exists (
           select from pgq.retry_queue w
            where w.ev_queue = q.queue_id and w.ev_owner = coalesce(r.sub_main, r.sub_id)
              and w.ev_id = e.ev_id)
         and %s
      """
          .formatted(EventFilter.SQL);

  private static final String SEND =
      """
      select count(pgq.event_retry_raw(
               q.queue_name, c.co_name, now(), e.ev_id, e.ev_time, null, e.ev_type, e.ev_data,
               e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4))
      """;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "CONSUMER", description = "The consumer.")
  private String consumer = "";

  @Option(
      names = "--from",
      required = true,
      paramLabel = "WHERE",
      converter = Position.Converter.class,
      description = "Events after this: " + Position.HELP)
  private Position from = Position.latest();

  @Option(
      names = "--to",
      paramLabel = "WHERE",
      converter = Position.Converter.class,
      description = "And before this, likewise. Default: latest.")
  private Position to = Position.latest();

  @Mixin private EventFilter filter = new EventFilter();

  @Override
  protected String plan(Connection connection) {
    return "Send "
        + count(connection, "select count(*)")
        + " events to consumer "
        + Printable.quoted(consumer)
        + " of queue "
        + Printable.quoted(queue)
        + " again.";
  }

  @Override
  protected void execute() {
    long events = onConnection(connection -> count(connection, SEND));
    say(events + " events are sent to " + Printable.quoted(consumer) + " again.");
    print(JsonObject.of("queue", queue).with("consumer", consumer).with("events", events));
  }

  private long count(Connection connection, String select) {
    NotFound.orConsumer(connection, queue, consumer);
    Tick first = from.resolve(connection, queue);
    Tick last = to.resolve(connection, queue);
    if (last.id() < first.id()) {
      throw usage("--to is before --from: tick " + last.id() + " and tick " + first.id() + ".");
    }
    List<@Nullable Object> parameters = new ArrayList<>();
    parameters.addAll(List.of(first.id(), first.snapshot(), last.snapshot(), queue, consumer));
    parameters.addAll(filter.parameters());
    return Rows.query(connection, "events", select + EVENTS, parameters.toArray()).number();
  }
}
