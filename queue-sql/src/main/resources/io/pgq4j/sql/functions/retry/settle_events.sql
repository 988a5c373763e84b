-- pgq.settle_events(batch_id, event_ids, after, reasons, max_retries)
--
--   Internal. Puts events of an open batch into the retry queue or the dead letters, all of them at once: the batch
--   is read once. Of two verdicts of a consumer on one event the last one counts, in one call and in several.
--
-- Parameters:
--   i_batch_id     the batch
--   i_event_ids    the events; null: all, by the first element of the other arrays
--   i_after        when each comes back, from now; null: where it failed less often than it may be
--                  retried, by the backoff of the queue; else it is given up
--   i_reasons      why each failed
--   i_max_retries  how often an event may be retried; null: as the queue is set
-- Returns:
--   number of events added; those that are there already do not count
-- Errors:
--   PQ003  the batch is not open, or an event is not in it
-- Tables:
--   reads pgq.queue, pgq.event_<id>; writes pgq.retry_queue, pgq.dead_letter; notifies pgq_ticker
create or replace function pgq.settle_events(
  i_batch_id bigint, i_event_ids bigint[], i_after interval[], i_reasons text[], i_max_retries integer)
returns integer
language plpgsql
-- There are no statistics of event tables: the planner would compare every event with every id.
set enable_nestloop = off
set enable_seqscan = off
set jit = off
as $$
declare
  v_batch record := pgq.batch(i_batch_id);
  v_sql text := pgq.batch_event_sql(i_batch_id, '*'); -- last, for it fails when the batch is gone
  v_queue pgq.queue;
  v_consumer integer;
  v_found bigint;
  v_retried bigint[];
  v_dead bigint[];
  v_count integer;
begin
  select q.* into v_queue from pgq.queue q where q.queue_id = v_batch.queue_id;
  v_queue.queue_max_retries := coalesce(i_max_retries, v_queue.queue_max_retries);
  select r.sub_consumer into v_consumer from pgq.registration r where r.sub_id = v_batch.sub_id;
  execute format(
    'with event as materialized (
       select e.*, w.reason, coalesce(w.after, pgq.retry_delay($4, e.ev_retry)) as after
       from (%s) e
       join (
         select distinct on (u.id) u.*
         from unnest($1, $2, $3) with ordinality u (id, after, reason, n)
         order by u.id, u.n desc) w on %s
     ), retried as (
       insert into pgq.retry_queue (
         ev_retry_after, ev_queue, ev_id, ev_time, ev_owner, ev_retry,
         ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4, ev_first_failed)
       select
         clock_timestamp() + greatest(e.after, interval ''0''), $5, e.ev_id, e.ev_time, $6, coalesce(e.ev_retry, 0) + 1,
         e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4, coalesce(e.ev_first_failed, now())
       from event e
       where e.after is not null
       on conflict (ev_queue, ev_owner, ev_id) do nothing
       returning ev_id
     ), dead as (
       insert into pgq.dead_letter (
         dl_queue, dl_consumer, dl_first_time, dl_reason, dl_attempts,
         ev_id, ev_time, ev_txid, ev_owner, ev_retry,
         ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
       select
         $5, $7, coalesce(e.ev_first_failed, now()), e.reason, coalesce(e.ev_retry, 0) + 1,
         e.ev_id, e.ev_time, e.ev_txid, $6, e.ev_retry,
         e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
       from event e
       where e.after is null
       on conflict (dl_queue, dl_consumer, ev_id) do nothing
       returning ev_id
     )
     select
       count(distinct e.ev_id), array_agg(e.ev_id) filter (where e.after is not null),
       array_agg(e.ev_id) filter (where e.after is null),
       (select count(*) from retried) + (select count(*) from dead)
     from event e',
    v_sql, case when i_event_ids is null then 'true' else 'w.id = e.ev_id' end)
  into v_found, v_retried, v_dead, v_count
  using
    i_event_ids, i_after, i_reasons, v_queue, v_queue.queue_id, v_batch.sub_id, v_consumer;

  if v_found < (select count(distinct id) from unnest(i_event_ids) id) then
    raise exception 'event not found'
      using errcode = 'PQ003', detail = format('Batch %s, events %s.', i_batch_id, i_event_ids),
            hint = 'Give ids of events that pgq.get_batch_events returned for this batch.';
  end if;
  -- By one look into the index for each event, however many dead letters there are.
  delete from pgq.dead_letter d
  where d.dl_id = any (array(
    select l.dl_id
    from unnest(v_retried) u (id)
    cross join lateral (
      select d.dl_id from pgq.dead_letter d
      where d.dl_queue = v_queue.queue_id and d.dl_consumer = v_consumer and d.ev_id = u.id
      offset 0) l));
  delete from pgq.retry_queue r
  where r.ctid = any (array(
    select l.ctid
    from unnest(v_dead) u (id)
    cross join lateral (
      select r.ctid from pgq.retry_queue r
      where r.ev_queue = v_queue.queue_id and r.ev_owner = v_batch.sub_id and r.ev_id = u.id
      offset 0) l));
  perform pgq.wake_ticker();
  return v_count;
end;
$$;

-- pgq.retry_delay(queue, retries)
--
--   Internal. When an event that failed comes back, by the settings of its queue: pgq.event_failed.
--
-- Parameters:
--   i_queue    row of pgq.queue
--   i_retries  how often it was retried; null: never
-- Returns:
--   from now; null: it is given up
-- Tables:
--   none
create or replace function pgq.retry_delay(i_queue pgq.queue, i_retries integer)
returns interval
language sql
as $$
  select case when coalesce(i_retries, 0) < i_queue.queue_max_retries then make_interval(secs =>
    least(
      extract(epoch from i_queue.queue_retry_delay)::float8 * power(2, least(coalesce(i_retries, 0), 60)),
      -- no longer than an interval can hold, and anybody waits
      least(extract(epoch from i_queue.queue_retry_delay_max)::float8, 1e9))
    * (0.9 + 0.2 * random())) end;
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
    or i_ids is null
    or array_position(i_ids, null) is not null
    or array_position(i_values, null) is not null
  then
    raise exception 'event ids and their values do not match'
      using errcode = 'PQ008', hint = 'Give two arrays of the same length without nulls.';
  end if;
end;
$$;
