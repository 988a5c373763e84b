-- pgq.has_events_after(queue_id, snapshot)
--
--   Internal. Whether committed events of a queue are not visible in a snapshot: the batch window of
--   pgq.batch_event_sql, open at its end. Event tables have no statistics: without them the planner takes a
--   third of the table for newer than the snapshot, and reads all of it to find that nothing is.
--
-- Parameters:
--   i_queue_id  the queue
--   i_snapshot  snapshot of a tick
-- Returns:
--   true or false
-- Tables:
--   reads pgq.event_<id>
create or replace function pgq.has_events_after(i_queue_id integer, i_snapshot txid_snapshot)
returns boolean
language plpgsql
set enable_seqscan = off
as $$
declare
  v_open bigint[] := array(select txid_snapshot_xip(i_snapshot));
  v_found boolean;
begin
  execute format(
    'select exists (select from pgq.event_%1$s where ev_txid >= %2$s)'
      || case when v_open = '{}' then ''
           else ' or exists (select from pgq.event_%1$s where ev_txid = any (%3$L))' end,
    i_queue_id, txid_snapshot_xmax(i_snapshot), v_open) into v_found;
  return v_found;
end;
$$;
