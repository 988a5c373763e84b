package io.pgq4j.admin.consumer;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Rows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "consumers",
    description = {
      "Lists consumers: how far they are, and what waits for them.",
      "Lag: age of the last tick that it finished. Seen: since it was heard of. Pending: event ids"
          + " given out after that tick. Retries: events that come back to it, or wait behind one that"
          + " does. Dead: events that it gave up; also those of consumers that were unregistered.",
      "JSON: {\"consumers\": [{\"queue\": …, \"consumer\": …, \"lag_seconds\": number, …}]}"
    },
    footer = "  pgq-admin consumers jobs")
public final class ConsumersCommand extends AdminCommand {
  private static final String SQL =
      """
      select m.queue_name as queue, m.consumer_name as consumer,
             extract(epoch from i.lag) as lag_seconds, extract(epoch from i.last_seen) as seen_seconds,
             i.pending_events as pending, m.retry_events + m.held_events as retries,
             m.dead_letters as dead, i.last_tick, i.current_batch as batch, m.paused
        from pgq.get_consumer_metrics() m
        left join pgq.get_consumer_info() i using (queue_name, consumer_name)
       where m.queue_name = coalesce(?, m.queue_name)
       order by m.queue_name, m.consumer_name
      """;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "QUEUE",
      description = "Only those of this queue. Default: of all.")
  private @Nullable String queue;

  @Override
  protected void run() {
    list(
        connection -> {
          NotFound.unlessQueue(connection, queue);
          return Rows.query(connection, "consumers", SQL, queue);
        });
  }
}
