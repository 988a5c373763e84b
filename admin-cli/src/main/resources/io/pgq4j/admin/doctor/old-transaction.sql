-- Sessions of this database, and standbys by their feedback, that have held the xmin horizon for long.
select
  a.pid::text as object, a.pid, a.usename as user, a.state, clock_timestamp() - a.xact_start as open,
  left(regexp_replace(a.query, '\s+', ' ', 'g'), 100) as query
from pg_stat_activity a
where (a.datname = current_database() or a.datname is null)
  and (a.backend_xmin is not null or a.backend_xid is not null)
  and a.xact_start < now() - :'age'::interval
  and a.pid <> pg_backend_pid()
order by a.xact_start;
