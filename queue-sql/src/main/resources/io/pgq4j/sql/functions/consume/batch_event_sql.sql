-- pgq.batch_event_sql(batch_id)
-- pgq.batch_event_sql(batch_id, columns)
--
--   The query for the events of a batch, as pgq.batch_window tells them. All slots are read: an event is where its
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
  v_batch record := pgq.batch_window(i_batch_id);
  v_sql constant text :=
    'select ' || i_columns
    || ' from pgq.event_%1$s where (ev_owner is null or ev_owner = %2$s) and ';
begin
  return format(
    v_sql || 'ev_txid >= %3$s and ev_txid < %4$s and txid_visible_in_snapshot(ev_txid, %5$L)'
      || case when v_batch.ended = '{}' then '' else ' union all ' || v_sql || 'ev_txid = any (%6$L)' end,
    v_batch.queue_id, v_batch.sub_id, v_batch.from_txid, v_batch.to_txid, v_batch.snapshot, v_batch.ended);
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
