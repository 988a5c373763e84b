-- pgq.producers_open()
-- pgq.producers_open(queue_id)
--
--   Internal. Whether a transaction is in flight that may hold events: it has the lock that inserting takes, on
--   pgq.event or on one of its partitions. Unrelated long transactions do not count. A producer takes the
--   lock before the event's id and drops it after its commit is visible; so a producer whose id was seen
--   before this look, and whose lock is not seen by it, has ended. Who adds to the retry queue counts as well:
--   its commit makes something due that a sleeping ticker has to know.
--
--   The lock on a queue's own tables comes after the event's id; so with a queue given, the answer is only
--   good for guessing whether ids that were given out may still be committed.
--
-- Parameters:
--   i_queue_id  the queue
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
      and coalesce(pg_partition_root(l.relation), l.relation) in ('pgq.event'::regclass, 'pgq.retry_queue'::regclass));
end;
$$;

create or replace function pgq.producers_open(i_queue_id integer)
returns boolean
language plpgsql
as $$
begin
  return exists (
    select from pg_catalog.pg_locks l
    join pg_partition_tree(format('pgq.event_%s', i_queue_id)::regclass) p on p.relid = l.relation
    where l.locktype = 'relation'
      and l.mode = 'RowExclusiveLock'
      and l.granted
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database()));
end;
$$;
