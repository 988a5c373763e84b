-- pgq.insert_event_raw(queue, id, time, owner, retry, type, data, extra1, extra2, extra3, extra4)
--
--   Appends an event with an id, time, owner and number of retries of the caller's choice, as copying from another
--   queue needs it. An id is taken from the queue's sequence in any case: the ticker sees by it that there is
--   something new.
--
-- Parameters:
--   i_queue_name  the queue
--   i_ev_id       its id; null: the next one
--   i_ev_time     its time; null: now
--   i_ev_owner    the subscription that alone gets it; null: all
--   i_ev_retry    how often it was retried; null: never
--   i_ev_type … i_ev_extra4  as in pgq.insert_event
-- Returns:
--   id of the event
-- Errors:
--   PQ001  no such queue
--   PQ005  inserting is disabled for this queue, or its per_tx_limit is reached
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.event
create or replace function pgq.insert_event_raw(
  i_queue_name text, i_ev_id bigint, i_ev_time timestamptz, i_ev_owner integer, i_ev_retry integer,
  i_ev_type text, i_ev_data text,
  i_ev_extra1 text, i_ev_extra2 text, i_ev_extra3 text, i_ev_extra4 text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_txid bigint := txid_current();
  v_queue pgq.queue;
  v_id bigint;
begin
  select q.* into v_queue from pgq.queue q where q.queue_name = i_queue_name;
  if not found or v_queue.queue_disable_insert then
    perform pgq.refuse_insert(i_queue_name);
  elsif v_queue.queue_per_tx_limit is not null then
    perform pgq.count_in_tx(i_queue_name, 1);
  end if;

  insert into pgq.event (
    ev_id, ev_time, ev_txid, ev_owner, ev_retry, ev_queue, ev_slot,
    ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
  select
    coalesce(i_ev_id, n.id), coalesce(i_ev_time, now()), v_txid, i_ev_owner, i_ev_retry,
    v_queue.queue_id, v_queue.queue_cur_table,
    i_ev_type, i_ev_data, i_ev_extra1, i_ev_extra2, i_ev_extra3, i_ev_extra4
  from (select nextval(v_queue.queue_event_seq::regclass) as id) n
  returning ev_id into v_id;
  perform pgq.wake_ticker();
  return v_id;
end;
$$;
