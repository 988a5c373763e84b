-- pgq.maint_tables_to_drop()
--
--   The event tables of dropped queues. Detaching them cannot be done in a function: run, for its owner,
--   outside of a transaction, then ask again,
--     attached   alter table pgq.event detach partition <table> concurrently
--     pending    alter table pgq.event detach partition <table> finalize
--     detached   drop table <table>
--
-- Parameters:
--   none
-- Returns:
--   table_name (qualified), detach_state (attached, pending or detached)
-- Tables:
--   reads pgq.queue
create or replace function pgq.maint_tables_to_drop(out table_name text, out detach_state text)
returns setof record
language sql
security definer
set search_path = pg_catalog, pg_temp
as $$
  select
    'pgq.' || c.relname,
    case
      when i.inhrelid is null then 'detached'
      when i.inhdetachpending then 'pending'
      else 'attached'
    end
  from pg_class c
  left join pg_inherits i on i.inhrelid = c.oid
  where c.relnamespace = 'pgq'::regnamespace
    and c.relkind = 'p'
    and c.relname ~ '^event_[0-9]+$'
    and not exists (select from pgq.queue q where q.queue_data_pfx = 'pgq.' || c.relname)
  order by c.oid;
$$;
