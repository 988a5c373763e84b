-- pgq.refuse_insert(queue)
--
--   Internal. Says why an event cannot be inserted: the slow path of everything that appends.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   nothing: it always fails
-- Errors:
--   PQ001  no such queue
--   PQ005  inserting is disabled for this queue
--   PQ008  the name is null
-- Tables:
--   reads pgq.queue
create or replace function pgq.refuse_insert(i_queue_name text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if i_queue_name is null then
    raise exception 'Queue name must not be NULL' using errcode = 'PQ008', hint = 'Give the name of a queue.';
  end if;
  perform pgq.find_queue(i_queue_name, 'No such queue');
  raise exception 'Insert into queue disallowed'
    using errcode = 'PQ005',
          detail = format('Queue: %L.', i_queue_name),
          hint = 'Allow it with pgq.set_queue_config(queue, ''disable_insert'', ''false'').';
end;
$$;
