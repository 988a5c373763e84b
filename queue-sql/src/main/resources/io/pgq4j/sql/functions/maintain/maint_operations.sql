-- pgq.maint_operations()
--
--   What there is to maintain now: functions to call, each in a transaction of its own, with their argument. One
--   that answers 1 wants to be called again at once.
--
--   Besides ours these are the functions in queue_extra_maint, with the name of their queue. They run with the
--   rights of who maintains; so only the owner of the schema can name them:
--     update pgq.queue set queue_extra_maint = '{app.tidy}' where queue_name = '…'
--
-- Parameters:
--   none
-- Returns:
--   func_name  name of a function; or 'vacuum'
--   func_arg   its argument, null: call it without one; or the table to vacuum
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

  return query
  select 'pgq.maint_purge_keys', null
  where exists (select from pgq.event_key k where k.key_expires <= clock_timestamp());

  return query
  select e.name, q.queue_name
  from pgq.queue q
  cross join unnest(q.queue_extra_maint) with ordinality e (name, place)
  order by q.queue_name, e.place;

  return query
  select 'vacuum', t.name from pgq.maint_tables_to_vacuum() t (name);
end;
$$;
