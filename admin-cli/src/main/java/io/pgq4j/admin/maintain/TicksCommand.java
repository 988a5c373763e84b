package io.pgq4j.admin.maintain;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Rows;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "ticks",
    description = {
      "Lists the latest ticks of a queue, the youngest first.",
      "Events: event ids given out since the tick before. Open: producers were at work then. Kept:"
          + " consumers can go back to it; a compacted queue has about one tick for each minute.",
      "JSON: {\"ticks\": [{\"tick_id\": number, \"tick_time\": …, \"events\": number, …}]}"
    },
    footer = "  pgq-admin ticks jobs --limit 5")
public final class TicksCommand extends AdminCommand {
  private static final String SQL =
      """
      select t.tick_id, t.tick_time, extract(epoch from clock_timestamp() - t.tick_time) as age_seconds,
             t.tick_event_seq - lag(t.tick_event_seq) over (order by t.tick_id) as events,
             t.tick_open as open, t.tick_id >= q.queue_oldest_tick as kept,
             t.tick_snapshot::text as snapshot
        from pgq.tick t
        join pgq.queue q on q.queue_id = t.tick_queue
       where q.queue_name = ?
       order by t.tick_id desc
       limit ?
      """;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Option(names = "--limit", paramLabel = "N", description = "How many. Default: 20.")
  private int limit = 20;

  @Override
  protected void run() {
    list(
        connection -> {
          NotFound.unlessQueue(connection, queue);
          return Rows.query(connection, "ticks", SQL, queue, limit);
        });
  }
}
