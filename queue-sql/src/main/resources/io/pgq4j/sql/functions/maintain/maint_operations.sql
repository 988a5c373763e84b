-- pgq.maint_operations()
--
--   What there is to maintain now: functions to call, each in a transaction of its own, with their argument.
--
-- Parameters:
--   none
-- Returns:
--   func_name, func_arg (null: call it without one)
-- Tables:
--   reads pgq.queue
create or replace function pgq.maint_operations(out func_name text, out func_arg text)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select 'pgq.maint_rotate_tables_step1', q.queue_name
  from pgq.queue q
  where pgq.rotation_due(q)
  order by q.queue_id;

  return query
  select 'pgq.maint_compact', null
  where pgq.worth_compacting('pgq.position', 80, 0) or pgq.worth_compacting('pgq.tick', 80, 0);
end;
$$;
