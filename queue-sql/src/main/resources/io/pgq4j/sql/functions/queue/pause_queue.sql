-- pgq.pause_queue(queue)
-- pgq.resume_queue(queue)
--
--   Makes no more ticks of a queue until it is resumed: events are taken and kept, and consumers get those that were
--   ticked, but no new ones; retries wait too. This is the setting ticker_paused.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   1; 0 when it was so already
-- Errors:
--   PQ001  no such queue
-- Tables:
--   writes pgq.queue; resuming notifies pgq_ticker
create or replace function pgq.pause_queue(i_queue_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.lock_queue(i_queue_name);
begin
  update pgq.queue q set queue_ticker_paused = true where q.queue_id = v_queue.queue_id and not q.queue_ticker_paused;
  return found::integer;
end;
$$;

create or replace function pgq.resume_queue(i_queue_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.lock_queue(i_queue_name);
begin
  update pgq.queue q set queue_ticker_paused = false where q.queue_id = v_queue.queue_id and q.queue_ticker_paused;
  if not found then
    return 0;
  end if;
  perform pgq.wake_ticker();
  return 1;
end;
$$;
