-- pgq.batch_window(batch_id)
--
--   Internal. Which events an open batch has: those visible in the snapshot of its end (new) and not in that of its
--   start (old). By the index on ev_txid:
--     - transactions from xmax(old) to xmax(new), if new sees them;
--     - transactions in progress in old and not in new any more.
--   That they committed is what the reader's own snapshot says.
--
-- Parameters:
--   i_batch_id  the batch
-- Returns:
--   queue_id
--   sub_id     events of this consumer, and those of nobody
--   from_txid  xmax(old)
--   to_txid    xmax(new), not in it any more
--   snapshot   new
--   ended      the transactions that were in progress in old only
--   event_ids  about how many events these are; many more when a long transaction has ended
-- Errors:
--   PQ003  the batch is not open
--   42501  another role opened it
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.position, pgq.registration, pgq.tick
create or replace function pgq.batch_window(
  i_batch_id bigint, out queue_id integer, out sub_id integer, out from_txid bigint, out to_txid bigint,
  out snapshot txid_snapshot, out ended bigint[], out event_ids bigint)
language plpgsql
as $$
declare
  v_batch record := pgq.batch(i_batch_id);
begin
  if v_batch.sub_id is null then
    raise exception 'batch not found'
      using errcode = 'PQ003', detail = format('Batch: %s.', i_batch_id),
            hint = 'It was finished, taken over, or never opened; get one from pgq.next_batch.';
  end if;
  queue_id := v_batch.queue_id;
  sub_id := v_batch.sub_id;
  from_txid := txid_snapshot_xmax(v_batch.prev_snapshot);
  to_txid := txid_snapshot_xmax(v_batch.next_snapshot);
  snapshot := v_batch.next_snapshot;
  event_ids := v_batch.event_ids;
  -- Most often there are none; then nothing need be asked, and every slot is looked at once instead of twice.
  ended := case
    when txid_snapshot_xmin(v_batch.prev_snapshot) = from_txid then '{}'
    else array(
      select x from txid_snapshot_xip(v_batch.prev_snapshot) x
      except
      select x from txid_snapshot_xip(v_batch.next_snapshot) x)
  end;
end;
$$;
