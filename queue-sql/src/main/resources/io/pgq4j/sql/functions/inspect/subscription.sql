-- pgq.subscription
--
--   The subscriptions with their current positions, in PgQ's columns. Each row comes from
--   pgq.current_position, so that a snapshot older than a compaction gets an error and not an old position.
create or replace view pgq.subscription as
select
  r.sub_id,
  r.sub_queue,
  r.sub_consumer,
  p.last_tick as sub_last_tick,
  p.pos_time as sub_active,
  p.batch_id as sub_batch,
  p.next_tick as sub_next_tick
from pgq.registration r
cross join lateral pgq.current_position(r.sub_id) p;
