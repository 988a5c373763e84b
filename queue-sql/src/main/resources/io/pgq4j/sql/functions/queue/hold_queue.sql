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
