-- Transactions prepared long ago, in whatever database: each holds back the snapshots of all.
select
  p.gid as object, p.gid, p.owner as user, p.database, clock_timestamp() - p.prepared as open,
  format('rollback prepared %L', p.gid) as statement
from pg_prepared_xacts p
where p.prepared < now() - :'age'::interval
order by p.prepared;
