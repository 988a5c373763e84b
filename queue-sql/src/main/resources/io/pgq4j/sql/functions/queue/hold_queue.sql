-- pgq.hold_queue(queue)
--
--   Internal. The row of a queue, which cannot be dropped until this transaction ends: for pgq.watch_table, whose
--   trigger would fail every write to the table if the queue were dropped meanwhile.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   the row of pgq.queue
-- Errors:
--   PQ001  no such queue
-- Tables:
--   locks the row of pgq.queue
create or replace function pgq.hold_queue(i_queue_name text)
returns pgq.queue
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform from pgq.queue q where q.queue_name = i_queue_name for key share;
  return pgq.find_queue(i_queue_name);
end;
$$;

-- pgq.lock_queue(queue, message)
--
--   Internal. The row of a queue, locked against rotation: what is kept now stays until this transaction ends, and a
--   consumer that is put before the slowest one is seen by the next rotation.
--
-- Parameters:
--   i_queue_name  the queue
--   i_message     what to say when there is none
-- Returns:
--   the row of pgq.queue
-- Errors:
--   PQ001  no such queue
-- Tables:
--   locks the row of pgq.queue
create or replace function pgq.lock_queue(i_queue_name text, i_message text default 'No such event queue')
returns pgq.queue
language plpgsql
as $$
declare
  v_queue pgq.queue;
begin
  select q.* into v_queue from pgq.queue q where q.queue_name = i_queue_name for no key update;
  if not found then
    v_queue := pgq.find_queue(i_queue_name, i_message);
  elsif v_queue.queue_guarded then
    perform pgq.check_consumer(v_queue.queue_id);
  end if;
  return v_queue;
end;
$$;
