-- Queues with consumers whose events wait for a tick.
select m.queue_name as object, m.lag, m.pending_events as events
from pgq.get_queue_metrics() m
join pgq.queue q using (queue_name)
where m.stopped_by is null
  and m.lag > :'lag'::interval
  and exists (select from pgq.registration r where r.sub_queue = q.queue_id);
