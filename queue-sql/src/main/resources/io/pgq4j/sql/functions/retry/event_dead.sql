-- pgq.event_dead(batch_id, event_id, reason)
-- pgq.event_dead(batch_id, event_ids, reasons)
--
--   Gives events of an open batch up for this consumer: they are kept in pgq.dead_letter and do not come
--   back by themselves (pgq.dead_requeue). An event that waited in the retry queue does not come back either.
--
-- Parameters:
--   i_batch_id               the batch
--   i_event_id, i_event_ids  the events
--   i_reason, i_reasons      why each is given up
-- Returns:
--   number of events added; those that are there already do not count
-- Errors:
--   PQ003  the batch is not open, or an event is not in it
--   PQ008  arrays of different lengths, or nulls in them
-- Tables:
--   reads pgq.event_<id>; writes pgq.dead_letter, pgq.retry_queue
create or replace function pgq.event_dead(i_batch_id bigint, i_event_ids bigint[], i_reasons text[])
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pgq.check_event_arrays(i_event_ids, i_reasons);
  return pgq.settle_events(i_batch_id, i_event_ids, null, i_reasons, 0);
end;
$$;

create or replace function pgq.event_dead(i_batch_id bigint, i_event_id bigint, i_reason text)
returns integer
language sql
as $$
  select pgq.event_dead(i_batch_id, array[i_event_id], array[i_reason]);
$$;
