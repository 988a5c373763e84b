-- pgq.event_dead(batch_id, event_ids, reasons)
--
--   Gives events of an open batch up for this consumer: they are kept in pgq.dead_letter and do not come
--   back by themselves.
--
-- Parameters:
--   i_batch_id   the batch
--   i_event_ids  the events
--   i_reasons    why each is given up
-- Returns:
--   number of events added; those that are there already do not count
-- Errors:
--   PQ003  the batch is not open, or an event is not in it
--   PQ008  arrays of different lengths, or nulls in them
-- Tables:
--   reads pgq.event_<id>; writes pgq.dead_letter
create or replace function pgq.event_dead(i_batch_id bigint, i_event_ids bigint[], i_reasons text[])
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
  perform pgq.check_event_arrays(i_event_ids, i_reasons);
  execute format(
    'with event as materialized (
       select e.*, w.reason, b.queue_id, b.sub_id
       from (%s) e
       join (select distinct on (id) * from unnest($2, $3) u (id, reason)) w on w.id = e.ev_id
       join pgq.batch($1) b on b.sub_id is not null
     ), dead as (
       insert into pgq.dead_letter (
         dl_queue, dl_consumer, dl_reason, dl_attempts, ev_id, ev_time, ev_txid, ev_owner, ev_retry,
         ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
       select
         e.queue_id, r.sub_consumer, e.reason, coalesce(e.ev_retry, 0) + 1,
         e.ev_id, e.ev_time, e.ev_txid, e.sub_id, e.ev_retry,
         e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
       from event e
       join pgq.registration r on r.sub_id = e.sub_id
       on conflict (dl_queue, dl_consumer, ev_id) do nothing
       returning ev_id
     )
     select (select count(distinct ev_id) from event), (select count(*) from dead)',
    pgq.batch_event_sql(i_batch_id))
  into v_found, v_count
  using i_batch_id, i_event_ids, i_reasons;

  perform pgq.check_events_found(i_batch_id, i_event_ids, v_found);
  return v_count;
end;
$$;
