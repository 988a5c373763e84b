-- pgq.maint_tables_to_vacuum()
--
--   The tables to vacuum often. Those of the hot path are only appended to and truncated, and need it never; the
--   others are left to autovacuum, if that is on.
--
-- Parameters:
--   none
-- Returns:
--   qualified names; none where autovacuum is on. What needs it most comes first: pgqd ends a round of maintenance
--   after its first vacuum
-- Tables:
--   none
create or replace function pgq.maint_tables_to_vacuum()
returns setof text
language sql
as $$
  select t.name
  from unnest(array[
    'pgq.retry_queue', 'pgq.event_key', 'pgq.queue', 'pgq.registration', 'pgq.consumer', 'pgq.dead_letter']) t (name)
  where current_setting('autovacuum') = 'off';
$$;
