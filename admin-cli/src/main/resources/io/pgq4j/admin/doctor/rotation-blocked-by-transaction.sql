-- Sessions that have written to the table that a queue is to be rotated into.
select
  q.queue_name as object, q.queue_name as queue, m.rotation_overdue as overdue, a.pid, a.usename as user, a.state,
  clock_timestamp() - a.xact_start as open,
  left(regexp_replace(a.query, '\s+', ' ', 'g'), 100) as query,
  (select pg_size_pretty(sum(pg_total_relation_size(s.table_name::regclass))) from pgq.slots(q) s) as size
from pgq.get_queue_metrics() m
join pgq.queue q using (queue_name)
join pg_locks l on l.relation = format('%s_%s', q.queue_data_pfx, pgq.next_slot(q))::regclass
join pg_stat_activity a on a.pid = l.pid
where m.rotation_overdue > :'age'::interval
  and m.blocked_by = 'transaction'
  and l.mode = 'RowExclusiveLock'
  and l.database = (select d.oid from pg_database d where d.datname = current_database());
