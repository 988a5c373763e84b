-- pgq.maint_retry_events()
--
--   Moves events that are due from the retry queue back into their queues, set-based. They keep their id
--   and time. Ids are given out after the insert, so that the ticker sees that something is new. Those of a
--   queue that is behind stay until pgq.rebase: with an old id under a low transaction id it would miss them.
--
-- Parameters:
--   none
-- Returns:
--   number of events moved, up to 10,000; call again until it is 0
-- Tables:
--   reads pgq.queue, pgq.tick, pgq.ticker_armed; writes pgq.retry_queue, pgq.event; notifies pgq_ticker
create or replace function pgq.maint_retry_events()
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_behind integer[] := pgq.queues_behind();
  v_count integer;
  v_queues integer[];
begin
  -- By ctid: a join would read the whole retry queue for each piece of a storm.
  with taken as (
    delete from pgq.retry_queue r
    where r.ctid = any (array(
      select d.ctid
      from pgq.retry_queue d
      where d.ev_retry_after <= clock_timestamp() and d.ev_queue <> all (v_behind)
      order by d.ev_retry_after
      limit 10000
      for update skip locked))
    returning r.*
  ), returned as (
    insert into pgq.event (
      ev_id, ev_time, ev_txid, ev_owner, ev_retry, ev_queue, ev_slot,
      ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4, ev_first_failed)
    select
      r.ev_id, r.ev_time, txid_current(), nullif(r.ev_owner, 0), r.ev_retry, q.queue_id, q.queue_cur_table,
      r.ev_type, r.ev_data, r.ev_extra1, r.ev_extra2, r.ev_extra3, r.ev_extra4, r.ev_first_failed
    from taken r
    join pgq.queue q on q.queue_id = r.ev_queue
    returning ev_queue
  )
  select count(*), array_agg(distinct r.ev_queue) into v_count, v_queues from returned r;

  if v_count > 0 then
    perform nextval(q.queue_event_seq::regclass) from pgq.queue q where q.queue_id = any (v_queues);
    perform pgq.wake_ticker();
  end if;
  return v_count;
end;
$$;
