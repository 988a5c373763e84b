-- pgq.tune_storage(queue)
--
--   Stays for old tools and changes nothing: event tables get their settings when they are created.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   1; 0 when there is no such queue; null for null
-- Tables:
--   reads pgq.queue
create or replace function pgq.tune_storage(i_queue_name text)
returns integer
language sql
strict
security definer
set search_path = pg_catalog, pg_temp
as $$
  select count(*)::integer from pgq.queue q where q.queue_name = i_queue_name;
$$;
