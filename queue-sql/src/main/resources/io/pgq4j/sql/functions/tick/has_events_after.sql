-- pgq.has_events_after(queue_id, snapshot)
-- pgq.has_events(state)
--
--   Internal. Whether committed events of a queue are not visible in a snapshot: the batch window of
--   pgq.batch_event_sql, open at its end. Event tables have no statistics: without them the planner takes a
--   third of the table for newer than the snapshot, and reads all of it to find that nothing is.
--
--   The second form asks for the last tick. It looks into the current slot first, where new events are most often:
--   to plan a query of one table takes a third of the time.
--
-- Parameters:
--   i_queue_id  the queue
--   i_snapshot  snapshot of a tick
--   i_state     row of pgq.queue_state
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

create or replace function pgq.has_events(i_state pgq.queue_state)
returns boolean
language plpgsql
as $$
declare
  v_count integer;
begin
  execute format(
    'select from pgq.event_%s_%s where ev_txid >= %s order by ev_txid limit 1',
    i_state.queue_id, i_state.queue_cur_table, txid_snapshot_xmax(i_state.tick_snapshot));
  get diagnostics v_count = row_count;
  return v_count > 0 or pgq.has_events_after(i_state.queue_id, i_state.tick_snapshot);
end;
$$;
