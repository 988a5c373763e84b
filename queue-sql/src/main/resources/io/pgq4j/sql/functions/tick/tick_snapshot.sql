-- pgq.tick_snapshot()
-- pgq.tick_snapshot(snapshot)
--
--   Internal. The snapshot of a tick: what has ended, seen now. PostgreSQL leaves a transaction out of its own
--   list of those in progress, as if it had ended; but what it writes belongs to a later batch: a consumer
--   that it registers at this tick shall get it.
--
-- Parameters:
--   i_snapshot  the snapshot; else it is taken now
-- Returns:
--   the snapshot, in which this transaction is in progress
-- Tables:
--   none
create or replace function pgq.tick_snapshot()
returns txid_snapshot
language plpgsql
as $$
begin
  return pgq.tick_snapshot(txid_current_snapshot());
end;
$$;

create or replace function pgq.tick_snapshot(i_snapshot txid_snapshot)
returns txid_snapshot
language plpgsql
as $$
declare
  v_own bigint := txid_current();
begin
  if not txid_visible_in_snapshot(v_own, i_snapshot) then
    return i_snapshot;
  end if;
  return format('%s:%s:%s', txid_snapshot_xmin(i_snapshot), txid_snapshot_xmax(i_snapshot), (
    select string_agg(x.txid::text, ',' order by x.txid)
    from (select v_own union select txid_snapshot_xip(i_snapshot)) x (txid)));
end;
$$;
