-- Queues to be ticked, while nobody holds the ticker's lock or a fresh lease, and no other program (pgqd, a cron job)
-- has called the ticker within the last minute.
select current_database() as object, count(*) as queues, coalesce(sum(m.pending_events), 0) as events
from pgq.get_queue_metrics() m
where m.stopped_by is null
  and not exists (
    select from pg_locks l
    where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
      and l.database = (select d.oid from pg_database d where d.datname = current_database())
      and (l.classid::bigint << 32) | l.objid::bigint = 8099566924954430322)
  and coalesce(pgq.lease_age() not between interval '0' and interval '1 minute', true)
  and not exists (
    select from pg_stat_activity a
    where a.datname = current_database() and a.pid <> pg_backend_pid()
      and a.query ~* 'pgq\.ticker\s*\(' and a.query_start > now() - interval '1 minute')
having count(*) > 0;
