-- pgq.batch_retry(batch_id, seconds)
--
--   Puts all events of an open batch into the retry queue. The batch still has to be finished.
--
-- Parameters:
--   i_batch_id       the batch
--   i_retry_seconds  when to come back, in seconds from now
-- Returns:
--   number of events added; those that are there already do not count
-- Errors:
--   PQ003  the batch is not open
-- Tables:
--   reads pgq.event_<id>; writes pgq.retry_queue; notifies pgq_ticker
create or replace function pgq.batch_retry(i_batch_id bigint, i_retry_seconds integer)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_batch record := pgq.batch(i_batch_id);
  v_count integer;
begin
  if v_batch.sub_id is null then
    raise exception 'batch_retry: batch % not found', i_batch_id
      using errcode = 'PQ003', hint = 'It was finished, taken over, or never opened; get one from pgq.next_batch.';
  end if;
  execute format(
    'insert into pgq.retry_queue (
       ev_retry_after, ev_queue, ev_id, ev_time, ev_txid, ev_owner, ev_retry,
       ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
     select
       $1, $2, e.ev_id, e.ev_time, null, $3, coalesce(e.ev_retry, 0) + 1,
       e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
     from (%s) e
     on conflict (ev_owner, ev_id) do nothing',
    pgq.batch_event_sql(i_batch_id))
  using clock_timestamp() + make_interval(secs => i_retry_seconds), v_batch.queue_id, v_batch.sub_id;
  get diagnostics v_count = row_count;
  perform pgq.wake_ticker();
  return v_count;
end;
$$;
