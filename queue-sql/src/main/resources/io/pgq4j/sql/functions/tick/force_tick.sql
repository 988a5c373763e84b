-- pgq.force_tick(queue)
--
--   Makes the next pgq.ticker(queue) tick, events or not, by giving out event ids that nobody uses. While a
--   producer of this queue is in flight it has no effect of its own: its ids are taken for the producer's.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   id of the last tick; null when the queue is unknown, paused or ticked from outside
-- Tables:
--   reads pgq.queue, pgq.tick
create or replace function pgq.force_tick(i_queue_name text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue;
begin
  select q.* into v_queue
  from pgq.queue q
  where q.queue_name = i_queue_name and not q.queue_external_ticker and not q.queue_ticker_paused;
  if not found then
    return null;
  end if;
  perform nextval(v_queue.queue_event_seq::regclass)
  from generate_series(0, v_queue.queue_ticker_max_count);
  return (
    select t.tick_id from pgq.tick t where t.tick_queue = v_queue.queue_id order by t.tick_id desc limit 1);
end;
$$;
