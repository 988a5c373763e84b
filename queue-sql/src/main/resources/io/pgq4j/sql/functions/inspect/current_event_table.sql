-- pgq.current_event_table(queue)
--
--   The table that new events of a queue go to, for COPY. A table that was current a moment ago is as
--   good: readers look into all of them.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   qualified name
-- Errors:
--   PQ001  no such queue
-- Tables:
--   reads pgq.queue
create or replace function pgq.current_event_table(i_queue_name text)
returns text
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name, 'Event queue not found');
begin
  return format('%s_%s', v_queue.queue_data_pfx, v_queue.queue_cur_table);
end;
$$;
