package io.pgq4j.admin.event;

import io.pgq4j.admin.internal.AdminCommand;
import io.pgq4j.admin.internal.CommandFailure;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.admin.internal.NotFound;
import io.pgq4j.admin.internal.Printable;
import io.pgq4j.admin.internal.Rows;
import java.sql.Connection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "show",
    description = {
      "Shows an event, and all places where it is: in the queue, in a consumer's retry queue, held"
          + " behind another one, or in the dead letters.",
      "It looks through all of the queue's event tables, which takes a while where they are large."
          + " An event that all have finished is there until rotation.",
      "JSON: {\"places\": [{\"place\": \"queue\"|\"delayed\"|\"retry\"|\"held\"|\"dead\","
          + " \"consumer\": …|null, …}]}"
    },
    footer = "  pgq-admin show jobs 4711")
public final class ShowCommand extends AdminCommand {
  private static final String SQL =
      """
      with q as (select queue_id from pgq.queue where queue_name = ?),
           s as (
             select coalesce(r.sub_main, r.sub_id) as sub_id, min(c.co_name) as co_name
               from q
               join pgq.registration r on r.sub_queue = q.queue_id and r.sub_main is null
               join pgq.consumer c on c.co_id = r.sub_consumer
              group by 1),
           p as (
             select case when e.ev_owner is null then 'queue' else 'retry' end as place, e.ev_owner,
                    null::text as consumer, e.ev_time, null::timestamptz as due, e.ev_retry as retries,
                    null::text as reason, e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
               from pgq.event e
              where e.ev_queue = (select queue_id from q) and e.ev_id = ?
             union all
             select case when e.ev_owner = 0 then 'delayed' else 'retry' end, nullif(e.ev_owner, 0),
                    null, e.ev_time, e.ev_retry_after, e.ev_retry,
                    null, e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
               from pgq.retry_queue e
              where e.ev_queue = (select queue_id from q) and e.ev_id = ?
             union all
             select 'held', e.he_sub, null, e.ev_time, e.he_after, e.ev_retry,
                    null, e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
               from pgq.held_event e
              where e.he_sub in (select sub_id from s) and e.ev_id = ?
             union all
             select 'dead', null, (select co_name from pgq.consumer c where c.co_id = e.dl_consumer),
                    e.ev_time, null, e.dl_attempts - 1,
                    e.dl_reason, e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
               from pgq.dead_letter e
              where e.dl_queue = (select queue_id from q) and e.ev_id = ?)
      select p.place, coalesce(p.consumer, s.co_name) as consumer, ?::bigint as event_id,
             p.ev_time as event_time, p.due, p.retries, p.reason, p.ev_type as type, p.ev_data as data,
             p.ev_extra1 as extra1, p.ev_extra2 as extra2, p.ev_extra3 as extra3, p.ev_extra4 as extra4
        from p
        left join s on s.sub_id = p.ev_owner
       order by p.place = 'queue' desc, consumer, p.place
      """;

  @Parameters(index = "0", paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Parameters(index = "1", paramLabel = "EVENT", description = "The event's id, ev_id.")
  private long event;

  @Override
  protected void run() {
    details(this::find);
  }

  private Rows find(Connection connection) {
    NotFound.unlessQueue(connection, queue);
    Rows rows = Rows.query(connection, "places", SQL, queue, event, event, event, event, event);
    if (rows.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "Queue "
              + Printable.quoted(queue)
              + " has no event "
              + event
              + ": it never had, it was rolled back, or rotation took it.");
    }
    return rows;
  }
}
