-- pgq.find_tick_helper(queue_id, prev_tick_id, prev_tick_time, prev_tick_seq, min_count, min_interval)
--
--   The first tick after a given one that is so many event ids or so much time later.
--
-- Parameters:
--   i_queue_id        the queue
--   i_prev_tick_id    the tick to look from
--   i_prev_tick_time  its time
--   i_prev_tick_seq   its last event id
--   i_min_count       so many event ids later; null: by time only
--   i_min_interval    or so much later; null: by number only
-- Returns:
--   next_tick_id, next_tick_time, next_tick_seq; all null when there is none yet, or when both conditions are null
-- Tables:
--   reads pgq.tick
create or replace function pgq.find_tick_helper(
  i_queue_id integer, i_prev_tick_id bigint, i_prev_tick_time timestamptz, i_prev_tick_seq bigint,
  i_min_count bigint, i_min_interval interval,
  out next_tick_id bigint, out next_tick_time timestamptz, out next_tick_seq bigint)
language plpgsql
stable
as $$
begin
  select t.tick_id, t.tick_time, t.tick_event_seq into next_tick_id, next_tick_time, next_tick_seq
  from pgq.tick t
  where t.tick_queue = i_queue_id
    and t.tick_id > i_prev_tick_id
    and (t.tick_event_seq - i_prev_tick_seq >= i_min_count or t.tick_time - i_prev_tick_time >= i_min_interval)
  order by t.tick_id
  limit 1;
end;
$$;
