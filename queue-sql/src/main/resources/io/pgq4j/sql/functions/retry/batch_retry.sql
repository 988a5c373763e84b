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
--   PQ008  null
-- Tables:
--   reads pgq.event_<id>; writes pgq.retry_queue; notifies pgq_ticker
create or replace function pgq.batch_retry(i_batch_id bigint, i_retry_seconds integer)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if (pgq.batch(i_batch_id)).sub_id is null then
    raise exception 'batch_retry: batch % not found', i_batch_id
      using errcode = 'PQ003', hint = 'It was finished, taken over, or never opened; get one from pgq.next_batch.';
  elsif i_retry_seconds is null then
    raise exception 'batch_retry: no time given'
      using errcode = 'PQ008', hint = 'Give the seconds after which the events come back.';
  end if;
  return pgq.settle_events(i_batch_id, null, array[make_interval(secs => i_retry_seconds)], null, null);
end;
$$;
