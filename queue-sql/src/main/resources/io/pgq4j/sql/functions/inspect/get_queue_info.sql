-- pgq.get_queue_info()
-- pgq.get_queue_info(queue)
--
--   Settings and state of all queues, or of one.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   queue_name … queue_ticker_idle_period  as in pgq.queue
--   ticker_lag    age of the last tick
--   ev_per_sec    event ids given out per second between ticks of the last one to two minutes; null: unknown
--   ev_new        event ids given out after the last tick
--   last_tick_id  the last tick
--   no row when there is no such queue
-- Errors:
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.queue, pgq.tick
create or replace function pgq.get_queue_info(
  i_queue_name text,
  out queue_name text, out queue_ntables integer, out queue_cur_table integer,
  out queue_rotation_period interval, out queue_switch_time timestamptz,
  out queue_external_ticker boolean, out queue_ticker_paused boolean, out queue_ticker_max_count integer,
  out queue_ticker_max_lag interval, out queue_ticker_idle_period interval,
  out ticker_lag interval, out ev_per_sec double precision, out ev_new bigint, out last_tick_id bigint)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select
    q.queue_name, q.queue_ntables, q.queue_cur_table, q.queue_rotation_period, q.queue_switch_time,
    q.queue_external_ticker, q.queue_ticker_paused, q.queue_ticker_max_count,
    q.queue_ticker_max_lag, q.queue_ticker_idle_period,
    clock_timestamp() - l.tick_time,
    (l.tick_event_seq - f.tick_event_seq) / nullif(extract(epoch from l.tick_time - f.tick_time)::float8, 0),
    coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0) - l.tick_event_seq,
    coalesce(l.tick_id, pgq.refuse_stale_snapshot(q.queue_name))
  from pgq.queue q
  left join lateral (
    select t.* from pgq.tick t where t.tick_queue = q.queue_id order by t.tick_id desc limit 1) l on true
  left join lateral (
    select t.* from pgq.tick t
    where t.tick_queue = q.queue_id and t.tick_time > l.tick_time - interval '2 minutes'
    order by t.tick_id
    limit 1) f on true
  where q.queue_name = i_queue_name or i_queue_name is null
  order by q.queue_name;
end;
$$;

create or replace function pgq.get_queue_info(
  out queue_name text, out queue_ntables integer, out queue_cur_table integer,
  out queue_rotation_period interval, out queue_switch_time timestamptz,
  out queue_external_ticker boolean, out queue_ticker_paused boolean, out queue_ticker_max_count integer,
  out queue_ticker_max_lag interval, out queue_ticker_idle_period interval,
  out ticker_lag interval, out ev_per_sec double precision, out ev_new bigint, out last_tick_id bigint)
returns setof record
language sql
as $$
  select i.* from pgq.get_queue_info(null) i;
$$;
