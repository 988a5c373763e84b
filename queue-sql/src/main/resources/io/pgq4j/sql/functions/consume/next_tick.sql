-- pgq.next_tick(queue_id, tick, min_lag, min_count, min_interval)
--
--   Internal. The tick where a batch ends.
--
-- Parameters:
--   i_queue_id      the queue
--   i_tick          where the batch starts
--   i_min_lag       only ticks at least so old; null: all
--   i_min_count     the first one with so many event ids after the start; null: the first
--   i_min_interval  or the first one so much later than the start; null: the first
-- Returns:
--   id of the tick; null: there is none yet
-- Errors:
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.tick
create or replace function pgq.next_tick(
  i_queue_id integer, i_tick bigint, i_min_lag interval, i_min_count integer, i_min_interval interval)
returns bigint
language plpgsql
as $$
declare
  v_start pgq.tick;
  v_end bigint;
begin
  if i_min_lag is null and i_min_count is null and i_min_interval is null then
    select t.tick_id into v_end
    from pgq.tick t
    where t.tick_queue = i_queue_id and t.tick_id > i_tick
    order by t.tick_id
    limit 1;
    if found then
      return v_end;
    end if;
  end if;

  select t.* into v_start from pgq.tick t where t.tick_queue = i_queue_id and t.tick_id = i_tick;
  if not found then
    perform pgq.refuse_stale_snapshot(format('tick %s of queue %s', i_tick, i_queue_id));
  end if;
  return (
    select t.tick_id from pgq.tick t
    where t.tick_queue = i_queue_id
      and t.tick_id > i_tick
      and (i_min_lag is null or t.tick_time < clock_timestamp() - i_min_lag)
      and ((i_min_count is null and i_min_interval is null)
        or t.tick_event_seq - v_start.tick_event_seq >= i_min_count
        or t.tick_time - v_start.tick_time >= i_min_interval)
    order by t.tick_id
    limit 1);
end;
$$;
