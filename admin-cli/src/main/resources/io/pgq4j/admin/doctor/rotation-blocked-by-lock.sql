-- Sessions that hold another lock on the table that a queue is to be rotated into, or lock its current one.
select
  q.queue_name as object, q.queue_name as queue, m.rotation_overdue as overdue, a.pid, a.usename as user, a.state,
  clock_timestamp() - a.xact_start as open, string_agg(distinct l.mode, ', ') as mode,
  left(regexp_replace(a.query, '\s+', ' ', 'g'), 100) as query
from pgq.get_queue_metrics() m
join pgq.queue q using (queue_name)
join pg_locks l
  on l.relation = format('%s_%s', q.queue_data_pfx, pgq.next_slot(q))::regclass
  or l.relation = format('%s_%s', q.queue_data_pfx, q.queue_cur_table)::regclass and l.mode = 'AccessExclusiveLock'
join pg_stat_activity a on a.pid = l.pid
where m.rotation_overdue > :'age'::interval
  and m.blocked_by = 'lock'
  and l.granted
  and l.pid <> pg_backend_pid()
  and l.database = (select d.oid from pg_database d where d.datname = current_database())
group by q.queue_name, m.rotation_overdue, a.pid, a.usename, a.state, a.xact_start, a.query;
