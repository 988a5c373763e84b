-- The slowest consumer of each queue that cannot be rotated because of it. Of a member it is the consumer it works for.
select
  q.queue_name || '/' || c.co_name as object, q.queue_name as queue, c.co_name as consumer,
  m.rotation_overdue as overdue,
  (select pg_size_pretty(sum(pg_total_relation_size(s.table_name::regclass))) from pgq.slots(q) s) as size
from pgq.get_queue_metrics() m
join pgq.queue q using (queue_name)
cross join lateral (
  select coalesce(r.sub_main, r.sub_id) as sub_id
  from pgq.subscription s
  join pgq.registration r using (sub_id)
  where s.sub_queue = q.queue_id and s.sub_last_tick is not null
  order by s.sub_last_tick
  limit 1) slowest
join pgq.registration r using (sub_id)
join pgq.consumer c on c.co_id = r.sub_consumer
where m.rotation_overdue > :'age'::interval
  and m.blocked_by = 'consumer';
