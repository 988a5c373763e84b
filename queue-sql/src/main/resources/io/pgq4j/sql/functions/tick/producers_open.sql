-- pgq.producers_open()
--
--   Internal. Whether a transaction is in flight that may hold events: it has the lock that inserting takes, on
--   pgq.event or on one of its partitions. Unrelated long transactions do not count. A producer takes the
--   lock before the event's id and drops it after its commit is visible; so a producer whose id was seen
--   before this look, and whose lock is not seen by it, has ended.
--
-- Parameters:
--   none
-- Returns:
--   true or false
-- Tables:
--   reads pg_locks
create or replace function pgq.producers_open()
returns boolean
language plpgsql
as $$
begin
  return exists (
    select from pg_catalog.pg_locks l
    where l.locktype = 'relation'
      and l.mode = 'RowExclusiveLock'
      and l.granted
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
      and coalesce(pg_partition_root(l.relation), l.relation) = 'pgq.event'::regclass);
end;
$$;
