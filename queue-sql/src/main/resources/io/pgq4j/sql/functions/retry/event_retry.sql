-- pgq.event_retry(batch_id, event_id, seconds)
-- pgq.event_retry(batch_id, event_id, time)
-- pgq.event_retry(batch_id, event_ids, after)
--
--   Puts events of an open batch into the retry queue: they come back to this consumer in a later batch.
--   The third form reads the batch once for all events.
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
--   reads pgq.event_<id>; writes pgq.retry_queue; notifies pgq_ticker
create or replace function pgq.event_retry(i_batch_id bigint, i_event_ids bigint[], i_after interval[])
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- There are no statistics of event tables: the planner would compare every event with every id.
set enable_nestloop = off
as $$
declare
  v_found bigint;
  v_count integer;
begin
  perform pgq.check_event_arrays(i_event_ids, i_after::text[]);
  execute format(
    'with event as materialized (
       select e.*, w.after, b.queue_id, b.sub_id
       from (%s) e
       join (select distinct on (id) * from unnest($2, $3) u (id, after)) w on w.id = e.ev_id
       join pgq.batch($1) b on b.sub_id is not null
     ), retried as (
       insert into pgq.retry_queue (
         ev_retry_after, ev_queue, ev_id, ev_time, ev_txid, ev_owner, ev_retry,
         ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
       select
         clock_timestamp() + e.after, e.queue_id, e.ev_id, e.ev_time, null, e.sub_id, coalesce(e.ev_retry, 0) + 1,
         e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
       from event e
       on conflict (ev_owner, ev_id) do nothing
       returning ev_id
     )
     select (select count(distinct ev_id) from event), (select count(*) from retried)',
    pgq.batch_event_sql(i_batch_id))
  into v_found, v_count
  using i_batch_id, i_event_ids, i_after;

  perform pgq.check_events_found(i_batch_id, i_event_ids, v_found);
  perform pgq.wake_ticker();
  return v_count;
end;
$$;

create or replace function pgq.event_retry(i_batch_id bigint, i_event_id bigint, i_retry_time timestamptz)
returns integer
language sql
as $$
  select pgq.event_retry(i_batch_id, array[i_event_id], array[i_retry_time - clock_timestamp()]);
$$;

create or replace function pgq.event_retry(i_batch_id bigint, i_event_id bigint, i_retry_seconds integer)
returns integer
language sql
as $$
  select pgq.event_retry(i_batch_id, array[i_event_id], array[make_interval(secs => i_retry_seconds)]);
$$;

-- pgq.check_event_arrays(ids, values)
--
--   Internal. Refuses arrays that do not belong together.
--
-- Parameters:
--   i_ids     event ids
--   i_values  one value for each
-- Returns:
--   nothing
-- Errors:
--   PQ008  different lengths, or nulls
-- Tables:
--   none
create or replace function pgq.check_event_arrays(i_ids bigint[], i_values text[])
returns void
language plpgsql
as $$
begin
  if cardinality(i_ids) is distinct from cardinality(i_values)
    or array_position(i_ids, null) is not null
    or array_position(i_values, null) is not null
  then
    raise exception 'event ids and their values do not match'
      using errcode = 'PQ008', hint = 'Give two arrays of the same length without nulls.';
  end if;
end;
$$;

-- pgq.check_events_found(batch_id, ids, found)
--
--   Internal. Fails unless all events were in the batch.
--
-- Parameters:
--   i_batch_id  the batch
--   i_ids       the events asked for
--   i_found     how many of them were there
-- Returns:
--   nothing
-- Errors:
--   PQ003  one was not
-- Tables:
--   none
create or replace function pgq.check_events_found(i_batch_id bigint, i_ids bigint[], i_found bigint)
returns void
language plpgsql
as $$
begin
  if i_found < (select count(distinct id) from unnest(i_ids) id) then
    raise exception 'event not found'
      using errcode = 'PQ003', detail = format('Batch %s, events %s.', i_batch_id, i_ids),
            hint = 'Give ids of events that pgq.get_batch_events returned for this batch.';
  end if;
end;
$$;
