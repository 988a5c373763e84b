-- Replication slots that hold the xmin horizon and that nobody reads.
select
  s.slot_name as object,
  greatest(age(s.xmin), age(s.catalog_xmin)) as transactions,
  pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), s.restart_lsn)) as wal,
  format('select pg_drop_replication_slot(%L)', s.slot_name) as statement
from pg_replication_slots s
where not s.active
  and (s.xmin is not null or s.catalog_xmin is not null)
  and not pg_is_in_recovery();
