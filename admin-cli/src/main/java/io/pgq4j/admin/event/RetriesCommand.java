package io.pgq4j.admin.event;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Rows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "retries",
    description = {
      "Lists the events that will come: to a consumer again, held behind another one of their key,"
          + " or delayed to all (then without a consumer). Those due first come first.",
      "Due: in which time; negative: since then, and the ticker should have moved it.",
      "JSON: {\"retries\": [{\"queue\": …, \"consumer\": …|null, \"event_id\": number,"
          + " \"due_seconds\": number, …}]}"
    },
    footer = "  pgq-admin retries jobs mailer")
public final class RetriesCommand extends AdminCommand {
  private static final String SQL =
      """
      select q.queue_name as queue, c.co_name as consumer, w.ev_id as event_id,
             extract(epoch from w.due - clock_timestamp()) as due_seconds, w.key as held_key,
             w.ev_retry as retries, w.ev_type as type, w.ev_data as data
        from (
          select e.ev_queue, e.ev_owner, e.ev_id, e.ev_retry_after as due, null::text as key, e.ev_retry,
                 e.ev_type, e.ev_data
            from pgq.retry_queue e
          union all
          select r.sub_queue, e.he_sub, e.ev_id, e.he_after, e.he_key, e.ev_retry, e.ev_type, e.ev_data
            from pgq.held_event e
            join pgq.registration r on r.sub_id = e.he_sub) w
        join pgq.queue q on q.queue_id = w.ev_queue
        left join pgq.registration r on r.sub_id = w.ev_owner
        left join pgq.consumer c on c.co_id = r.sub_consumer
       where q.queue_name = coalesce(?, q.queue_name) and (?::text is null or c.co_name = ?)
       order by w.due, w.ev_id
       limit ?
      """;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "Only those of this queue. Default: of all.")
  private @Nullable String queue;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "CONSUMER",
      description = "Only those of this consumer. Default: of all.")
  private @Nullable String consumer;

  @Option(names = "--limit", paramLabel = "N", description = "How many. Default: 100.")
  private int limit = 100;

  @Override
  protected void run() {
    list(
        connection -> {
          NotFound.unlessQueue(connection, queue);
          NotFound.unlessConsumer(connection, queue, consumer);
          return Rows.query(connection, "retries", SQL, queue, consumer, consumer, limit);
        });
  }
}
