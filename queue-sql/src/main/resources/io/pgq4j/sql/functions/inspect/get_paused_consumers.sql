-- pgq.get_paused_consumers()
-- pgq.get_paused_consumers(queue)
--
--   The consumers that are given no batches, and whose members are not.
--
-- Parameters:
--   i_queue_name  the queue; null: all
-- Returns:
--   queue_name, consumer_name
--   paused_at       since when, by pgq.pause_consumer; null: it is not
--   bootstrap_tick  it waits until its bootstrap at this tick is finished; null: it does not
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration
create or replace function pgq.get_paused_consumers(
  i_queue_name text,
  out queue_name text, out consumer_name text, out paused_at timestamptz, out bootstrap_tick bigint)
returns setof record
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
  select q.queue_name, c.co_name, r.sub_paused_at, r.sub_bootstrap_tick
  from pgq.registration r
  join pgq.queue q on q.queue_id = r.sub_queue
  join pgq.consumer c on c.co_id = r.sub_consumer
  where pgq.is_paused(r) and (q.queue_name = i_queue_name or i_queue_name is null)
  order by q.queue_name, c.co_name;
$$;

create or replace function pgq.get_paused_consumers(
  out queue_name text, out consumer_name text, out paused_at timestamptz, out bootstrap_tick bigint)
returns setof record
language sql
as $$
  select p.* from pgq.get_paused_consumers(null) p;
$$;
