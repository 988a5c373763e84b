-- pgq.event_hold(batch_id, event_ids, keys, after, reasons)
--
--   Sends events of an open batch back to the consumer, those with a key so that their order stays. An event with a key
--   goes to the end of this key's line in pgq.held_event, where only the first one of each key is tried again
--   (pgq.get_held_events). An event without goes to the retry queue.
--
--   Order holds if the consumer asks pgq.get_held_keys after it has opened a batch, and holds each event of a key that
--   is there, and of one that it has held in this batch.
--
-- Parameters:
--   i_batch_id   the batch
--   i_event_ids  the events, in their order
--   i_keys       the key of each, up to 1000 bytes; null: none
--   i_after      when each comes back, from now; null: the settings of the queue decide, as in pgq.event_failed
--   i_reasons    why each failed; null: it was not tried, and its attempts are not counted
-- Returns:
--   number of events added to a line, to the retry queue or to the dead letters
-- Errors:
--   PQ003  the batch is not open, or an event is not in it
--   PQ008  arrays of different lengths, an event id is null, or both after and reason of one event are null
-- Tables:
--   reads pgq.queue, pgq.event_<id>; writes pgq.held_event, pgq.retry_queue, pgq.dead_letter; notifies pgq_ticker
create or replace function pgq.event_hold(
  i_batch_id bigint, i_event_ids bigint[], i_keys text[], i_after interval[], i_reasons text[])
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- As in pgq.settle_events.
set enable_nestloop = off
set enable_seqscan = off
set jit = off
as $$
declare
  v_batch record := pgq.batch(i_batch_id);
  v_sql text := pgq.batch_event_sql(i_batch_id, '*');
  v_found bigint;
  v_count integer;
  v_failed bigint[];
begin
  if cardinality(i_event_ids) is distinct from cardinality(i_keys)
    or cardinality(i_event_ids) is distinct from cardinality(i_after)
    or cardinality(i_event_ids) is distinct from cardinality(i_reasons)
    or array_position(i_event_ids, null) is not null
    or exists (select from unnest(i_after, i_reasons) u (after, reason) where u.after is null and u.reason is null)
  then
    raise exception 'event ids and their values do not match'
      using errcode = 'PQ008', hint = 'Give arrays of the same length, and for each event a time or a reason.';
  end if;
  execute format(
    'with event as materialized (
       select e.*, w.key, w.n, coalesce(w.after, pgq.retry_delay($5, e.ev_retry)) as after, w.reason
       from (%s) e
       join (
         select distinct on (u.id) u.*
         from unnest($1, $2, $3, $4) with ordinality u (id, key, after, reason, n)
         order by u.id, u.n desc) w on w.id = e.ev_id
     ), held as (
       insert into pgq.held_event (
         he_sub, he_key, he_after, ev_id, ev_time, ev_txid, ev_owner, ev_retry,
         ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4, ev_first_failed)
       select
         $6, e.key, clock_timestamp() + greatest(e.after, interval ''0''), e.ev_id, e.ev_time, e.ev_txid, $6,
         coalesce(e.ev_retry, 0) + (e.reason is not null)::integer,
         e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4,
         coalesce(e.ev_first_failed, case when e.reason is not null then now() end)
       from event e
       where e.key is not null and e.after is not null
       order by e.n
       on conflict (he_sub, ev_id) do nothing
       returning ev_id
     ), retried as (
       insert into pgq.retry_queue (
         ev_retry_after, ev_queue, ev_id, ev_time, ev_owner, ev_retry,
         ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4, ev_first_failed)
       select
         clock_timestamp() + greatest(e.after, interval ''0''), $7, e.ev_id, e.ev_time, $6,
         coalesce(e.ev_retry, 0) + (e.reason is not null)::integer,
         e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4,
         coalesce(e.ev_first_failed, case when e.reason is not null then now() end)
       from event e
       where e.key is null and e.after is not null
       on conflict (ev_queue, ev_owner, ev_id) do nothing
       returning ev_id
     )
     select
       count(*), (select count(*) from held) + (select count(*) from retried),
       array_agg(e.ev_id order by e.n) filter (where e.after is null)
     from event e',
    v_sql)
  into v_found, v_count, v_failed
  using
    i_event_ids, i_keys, i_after, i_reasons,
    (select q from pgq.queue q where q.queue_id = v_batch.queue_id), v_batch.sub_id, v_batch.queue_id;

  if v_found < (select count(distinct id) from unnest(i_event_ids) id) then
    raise exception 'event not found'
      using errcode = 'PQ003', detail = format('Batch %s, events %s.', i_batch_id, i_event_ids),
            hint = 'Give ids of events that pgq.get_batch_events returned for this batch.';
  end if;
  if v_failed is not null then
    v_count := v_count + pgq.settle_events(
      i_batch_id, v_failed, null,
      array(
        select u.reason
        from unnest(v_failed) with ordinality f (id, n)
        join unnest(i_event_ids, i_reasons) u (id, reason) on u.id = f.id
        order by f.n),
      0);
  end if;
  perform pgq.wake_ticker();
  return v_count;
end;
$$;
