-- pgq.force_tick(queue)
--
--   Makes the next pgq.ticker(queue) tick, events or not, by giving out event ids that nobody uses. While a
--   producer of this queue is in flight it has no effect of its own: its ids are taken for the producer's. Nor
--   has it when the queue is paused or ticked from outside.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   id of the last tick; null when there is no such queue
-- Tables:
--   reads pgq.queue, pgq.tick; notifies pgq_ticker
create or replace function pgq.force_tick(i_queue_name text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue;
begin
  select q.* into v_queue from pgq.queue q where q.queue_name = i_queue_name;
  if v_queue.queue_guarded then
    perform pgq.check_consumer(v_queue.queue_id);
  end if;
  if not (v_queue.queue_external_ticker or v_queue.queue_ticker_paused) then
    perform nextval(v_queue.queue_event_seq::regclass)
    from generate_series(0, v_queue.queue_ticker_max_count);
    perform pgq.wake_ticker();
  end if;
  return (
    select t.tick_id from pgq.tick t where t.tick_queue = v_queue.queue_id order by t.tick_id desc limit 1);
end;
$$;
