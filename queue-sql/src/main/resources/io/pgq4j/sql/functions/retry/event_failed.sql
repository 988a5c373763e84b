-- pgq.event_failed(batch_id, event_id, reason)
-- pgq.event_failed(batch_id, event_ids, reasons)
--
--   Records that a consumer failed at events of an open batch, and lets the settings of the queue decide
--   (pgq.set_queue_config). An event that was retried less than max_retries times comes back to this consumer,
--   after retry_delay at first, then twice as late each time up to retry_delay_max, 10 % more or less at random.
--   Any other is given up, as by pgq.event_dead.
--
-- Parameters:
--   i_batch_id               the batch
--   i_event_id, i_event_ids  the events
--   i_reason, i_reasons      why each failed; kept of those that are given up
-- Returns:
--   number of events added to the retry queue or the dead letters; those that are there already do not count
-- Errors:
--   PQ003  the batch is not open, or an event is not in it
--   PQ008  arrays of different lengths, or nulls in them
-- Tables:
--   reads pgq.queue, pgq.event_<id>; writes pgq.retry_queue, pgq.dead_letter; notifies pgq_ticker
create or replace function pgq.event_failed(i_batch_id bigint, i_event_ids bigint[], i_reasons text[])
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pgq.check_event_arrays(i_event_ids, i_reasons);
  return pgq.settle_events(i_batch_id, i_event_ids, null, i_reasons, null);
end;
$$;

create or replace function pgq.event_failed(i_batch_id bigint, i_event_id bigint, i_reason text)
returns integer
language sql
as $$
  select pgq.event_failed(i_batch_id, array[i_event_id], array[i_reason]);
$$;
