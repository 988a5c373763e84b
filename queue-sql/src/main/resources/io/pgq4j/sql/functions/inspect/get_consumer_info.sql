-- pgq.get_consumer_info()
-- pgq.get_consumer_info(queue)
-- pgq.get_consumer_info(queue, consumer)
--
--   State of all consumers, of those of a queue, or of one.
--
-- Parameters:
--   i_queue_name     the queue; null: all
--   i_consumer_name  the consumer; null: all
-- Returns:
--   queue_name, consumer_name (of a member: consumer.subconsumer)
--   lag             age of the last finished tick
--   last_seen       time since a batch was opened or finished
--   last_tick       the last finished tick
--   current_batch   the open batch, or null
--   next_tick       its end, or null
--   pending_events  event ids given out after the last finished tick
--   no row when there is none; of a member without a batch, only names and last_seen
-- Errors:
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration, pgq.position, pgq.tick
create or replace function pgq.get_consumer_info(
  i_queue_name text, i_consumer_name text,
  out queue_name text, out consumer_name text, out lag interval, out last_seen interval, out last_tick bigint,
  out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select
    q.queue_name, c.co_name, clock_timestamp() - t.tick_time, clock_timestamp() - s.sub_active,
    case
      when t.tick_id is null and s.sub_last_tick is not null
        then pgq.refuse_stale_snapshot(q.queue_name || '/' || c.co_name)
      else t.tick_id
    end,
    s.sub_batch, s.sub_next_tick,
    coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0) - t.tick_event_seq
  from pgq.subscription s
  join pgq.queue q on q.queue_id = s.sub_queue
  join pgq.consumer c on c.co_id = s.sub_consumer
  left join lateral ( -- offset 0: see pgq.batch
    select k.* from pgq.tick k where k.tick_queue = s.sub_queue and k.tick_id = s.sub_last_tick offset 0) t on true
  where (q.queue_name = i_queue_name or i_queue_name is null)
    and (c.co_name = i_consumer_name or i_consumer_name is null)
  order by q.queue_name, c.co_name;
end;
$$;

create or replace function pgq.get_consumer_info(
  i_queue_name text,
  out queue_name text, out consumer_name text, out lag interval, out last_seen interval, out last_tick bigint,
  out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language sql
as $$
  select i.* from pgq.get_consumer_info(i_queue_name, null) i;
$$;

create or replace function pgq.get_consumer_info(
  out queue_name text, out consumer_name text, out lag interval, out last_seen interval, out last_tick bigint,
  out current_batch bigint, out next_tick bigint, out pending_events bigint)
returns setof record
language sql
as $$
  select i.* from pgq.get_consumer_info(null, null) i;
$$;
