-- The notification queue, and the session with the oldest transaction of all databases: the queue is the server's.
select
  'server' as object, round((100 * pg_notification_queue_usage())::numeric, 1) as percent,
  a.pid, a.usename as user, a.state, clock_timestamp() - a.xact_start as open,
  left(regexp_replace(a.query, '\s+', ' ', 'g'), 100) as query
from pg_stat_activity a
where pg_notification_queue_usage() > :'notifications'::float8
  and a.pid <> pg_backend_pid()
order by a.xact_start
limit 1;
