-- pgq.batch_event_sql(batch_id)
-- pgq.batch_event_sql(batch_id, columns)
--
--   The query for the events of a batch: those visible in the snapshot of its end (new) and not in that of
--   its start (old). By the index on ev_txid:
--     - transactions from xmax(old) to xmax(new), if new sees them;
--     - transactions in progress in old and not in new any more.
--   That they committed is what the reader's own snapshot says. All slots are read: an event is where its
--   producer's snapshot saw the current slot, which may be a past one.
--
-- Parameters:
--   i_batch_id  an open batch
--   i_columns   columns of pgq.event to select
-- Returns:
--   SQL text that selects the columns, in the first form ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data,
--   ev_extra1 … ev_extra4; without an order
-- Errors:
--   PQ003  the batch is not open
--   42501  another role opened it
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.position, pgq.registration, pgq.tick
create or replace function pgq.batch_event_sql(i_batch_id bigint, i_columns text)
returns text
language plpgsql
as $$
declare
  v_batch record := pgq.batch(i_batch_id);
  v_ended bigint[] := '{}';
  v_sql constant text :=
    'select ' || i_columns
    || ' from pgq.event_%1$s where (ev_owner is null or ev_owner = %2$s) and ';
begin
  if v_batch.sub_id is null then
    raise exception 'batch not found'
      using errcode = 'PQ003', detail = format('Batch: %s.', i_batch_id),
            hint = 'It was finished, taken over, or never opened; get one from pgq.next_batch.';
  end if;
  -- Most often there are none; then nothing need be asked, and the planner not look at every slot twice.
  if txid_snapshot_xmin(v_batch.prev_snapshot) < txid_snapshot_xmax(v_batch.prev_snapshot) then
    v_ended := array(
      select x from txid_snapshot_xip(v_batch.prev_snapshot) x
      except
      select x from txid_snapshot_xip(v_batch.next_snapshot) x);
  end if;
  return format(
    v_sql || 'ev_txid >= %3$s and ev_txid < %4$s and txid_visible_in_snapshot(ev_txid, %5$L)'
      || case when v_ended = '{}' then '' else ' union all ' || v_sql || 'ev_txid = any (%6$L)' end,
    v_batch.queue_id, v_batch.sub_id, txid_snapshot_xmax(v_batch.prev_snapshot),
    txid_snapshot_xmax(v_batch.next_snapshot), v_batch.next_snapshot, v_ended);
end;
$$;

create or replace function pgq.batch_event_sql(i_batch_id bigint)
returns text
language plpgsql
as $$
begin
  return pgq.batch_event_sql(
    i_batch_id, 'ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4');
end;
$$;
