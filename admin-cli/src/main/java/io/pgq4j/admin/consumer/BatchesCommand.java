package io.pgq4j.admin.consumer;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Rows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "batches",
    description = {
      "Lists the open and the latest batches, the youngest first.",
      "Compaction forgets finished batches, so there may be few. Took: from its opening to the next"
          + " step of its consumer; of an open one, until now. Events: event ids given out between its"
          + " ticks. A batch that is neither open nor finished was taken over or abandoned.",
      "JSON: {\"batches\": [{\"queue\": …, \"consumer\": …, \"batch\": number, …}]}"
    },
    footer = "  pgq-admin batches jobs mailer --open")
public final class BatchesCommand extends AdminCommand {
  private static final String SQL =
      """
      select q.queue_name as queue, c.co_name as consumer, b.batch_id as batch, b.state,
             b.opened, extract(epoch from b.took) as took_seconds,
             b.from_tick, b.to_tick, u.tick_event_seq - f.tick_event_seq as events
        from (
          select p.sub_id, p.batch_id, min(p.last_tick) as from_tick, min(p.next_tick) as to_tick,
                 min(p.pos_time) as opened,
                 coalesce(min(n.pos_time) filter (where n.batch_id is distinct from p.batch_id),
                          clock_timestamp()) - min(p.pos_time) as took,
                 case
                   when bool_or(n.sub_id is null) then 'open'
                   when bool_or(n.batch_id is distinct from p.batch_id and n.last_tick = p.next_tick)
                     or bool_or(n.batch_id is null and n.last_tick is null) then 'finished'
                   else 'abandoned'
                 end as state
            from pgq.position p
            left join pgq.position n on n.sub_id = p.sub_id and n.pos_seq = p.pos_seq + 1
           where p.batch_id is not null
           group by p.sub_id, p.batch_id) b
        join pgq.registration r using (sub_id)
        join pgq.consumer c on c.co_id = r.sub_consumer
        join pgq.queue q on q.queue_id = r.sub_queue
        left join lateral ( -- offset 0: see pgq.batch
          select t.* from pgq.tick t
           where t.tick_queue = q.queue_id and t.tick_id = b.from_tick offset 0) f on true
        left join lateral (
          select t.* from pgq.tick t
           where t.tick_queue = q.queue_id and t.tick_id = b.to_tick offset 0) u on true
       where q.queue_name = coalesce(?, q.queue_name) and c.co_name = coalesce(?, c.co_name)
         and (b.state = 'open' or not ?)
       order by b.batch_id desc
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

  @Option(names = "--open", description = "Only those that are open.")
  private boolean open;

  @Option(names = "--limit", paramLabel = "N", description = "How many. Default: 20.")
  private int limit = 20;

  @Override
  protected void run() {
    list(
        connection -> {
          NotFound.unlessQueue(connection, queue);
          NotFound.unlessConsumer(connection, queue, consumer);
          return Rows.query(connection, "batches", SQL, queue, consumer, open, limit);
        });
  }
}
