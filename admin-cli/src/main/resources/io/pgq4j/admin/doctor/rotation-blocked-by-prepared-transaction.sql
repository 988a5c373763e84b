-- Prepared transactions that have written to the table that a queue is to be rotated into. Their locks belong to no
-- process; the lock on the transaction's own id tells which one it is.
select
  q.queue_name as object, q.queue_name as queue, m.rotation_overdue as overdue, p.gid, p.owner as user, p.database,
  clock_timestamp() - p.prepared as open,
  format('rollback prepared %L', p.gid) as statement,
  (select pg_size_pretty(sum(pg_total_relation_size(s.table_name::regclass))) from pgq.slots(q) s) as size
from pgq.get_queue_metrics() m
join pgq.queue q using (queue_name)
join pg_locks l on l.relation = format('%s_%s', q.queue_data_pfx, pgq.next_slot(q))::regclass
join pg_locks x
  on x.locktype = 'transactionid' and x.pid is null and x.granted and x.virtualtransaction = l.virtualtransaction
join pg_prepared_xacts p on p.transaction = x.transactionid
where m.rotation_overdue > :'age'::interval
  and m.blocked_by = 'transaction'
  and l.pid is null
  and l.mode = 'RowExclusiveLock'
  and l.database = (select d.oid from pg_database d where d.datname = current_database());
