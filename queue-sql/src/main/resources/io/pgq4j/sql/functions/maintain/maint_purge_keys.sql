-- pgq.maint_purge_keys()
--
--   Forgets expired keys of pgq.insert_event_once, up to 10,000. One that a producer is just using again is passed
--   over.
--
-- Parameters:
--   none
-- Returns:
--   1 when there may be more: call again; else 0
-- Tables:
--   writes pgq.event_key
create or replace function pgq.maint_purge_keys()
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_count integer;
begin
  delete from pgq.event_key k
  where k.ctid = any (array(
    select e.ctid
    from pgq.event_key e
    where e.key_expires <= clock_timestamp()
    order by e.key_expires
    limit 10000
    for update skip locked));
  get diagnostics v_count = row_count;
  return case when v_count = 10000 then 1 else 0 end;
end;
$$;
