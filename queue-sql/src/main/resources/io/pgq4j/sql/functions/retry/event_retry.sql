-- pgq.event_retry(batch_id, event_id, seconds)
-- pgq.event_retry(batch_id, event_id, time)
-- pgq.event_retry(batch_id, event_ids, after)
--
--   Puts events of an open batch into the retry queue: they come back to this consumer in a later batch.
--   The third form reads the batch once for all events. An event that this consumer had given up is not a
--   dead letter any more.
--
-- Parameters:
--   i_batch_id       the batch
--   i_event_id(s)    the events
--   i_retry_seconds  when to come back, in seconds from now
--   i_retry_time     when to come back
--   i_after          when each comes back, from now
-- Returns:
--   1, or 0 when the event is in the retry queue already; the third form the number of events added
-- Errors:
--   PQ003  the batch is not open, or an event is not in it
--   PQ008  arrays of different lengths, or nulls in them
-- Tables:
--   reads pgq.event_<id>; writes pgq.retry_queue, pgq.dead_letter; notifies pgq_ticker
create or replace function pgq.event_retry(i_batch_id bigint, i_event_ids bigint[], i_after interval[])
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pgq.check_event_arrays(i_event_ids, i_after::text[]);
  return pgq.settle_events(i_batch_id, i_event_ids, i_after, null, null);
end;
$$;

create or replace function pgq.event_retry(i_batch_id bigint, i_event_id bigint, i_retry_time timestamptz)
returns integer
language sql
as $$
  select pgq.event_retry(i_batch_id, array[i_event_id], array[case i_retry_time
    when 'infinity' then interval '1000 years'
    when '-infinity' then interval '0'
    else i_retry_time - clock_timestamp()
  end]);
$$;

create or replace function pgq.event_retry(i_batch_id bigint, i_event_id bigint, i_retry_seconds integer)
returns integer
language sql
as $$
  select pgq.event_retry(i_batch_id, array[i_event_id], array[make_interval(secs => i_retry_seconds)]);
$$;
