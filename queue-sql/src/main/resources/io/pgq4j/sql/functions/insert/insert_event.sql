-- pgq.insert_event(queue, type, data)
-- pgq.insert_event(queue, type, data, extra1, extra2, extra3, extra4)
--
--   Appends an event in the caller's transaction.
--
--   The order of the steps carries the promise (docs/explanation/wake-ups.md): the lock on pgq.event, then
--   the event's id, then a look at the wake flag. The ticker raises the flag, then looks at ids and locks,
--   then sleeps; so whoever did not see the flag is seen by the ticker. The lock, the id and the look are
--   one statement, and RETURNING comes last.
--
--   A slot that was current in an old snapshot is as good as the current one: readers look into all slots,
--   and rotation empties a slot only under a lock that excludes writers.
--
-- Parameters:
--   i_queue_name  the queue
--   i_ev_type     what happened
--   i_ev_data     payload, opaque text
--   i_ev_extra1 … i_ev_extra4  more fields for the consumer
-- Returns:
--   id of the event
-- Errors:
--   PQ001  no such queue
--   PQ005  inserting is disabled for this queue, or its per_tx_limit is reached
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.event
create or replace function pgq.insert_event(
  i_queue_name text, i_ev_type text, i_ev_data text,
  i_ev_extra1 text, i_ev_extra2 text, i_ev_extra3 text, i_ev_extra4 text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_txid bigint := txid_current();
  v_queue record;
  v_id bigint;
  v_armed bigint;
begin
  select q.queue_id, q.queue_cur_table, q.queue_event_seq, q.queue_disable_insert, q.queue_per_tx_limit into v_queue
  from pgq.queue q
  where q.queue_name = i_queue_name;
  if not found or v_queue.queue_disable_insert then
    perform pgq.refuse_insert(i_queue_name);
  elsif v_queue.queue_per_tx_limit is not null then
    perform pgq.count_in_tx(i_queue_name, 1);
  end if;

  insert into pgq.event (
    ev_id, ev_time, ev_txid, ev_queue, ev_slot,
    ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
  values (
    nextval(v_queue.queue_event_seq::regclass), now(), v_txid, v_queue.queue_id, v_queue.queue_cur_table,
    i_ev_type, i_ev_data, i_ev_extra1, i_ev_extra2, i_ev_extra3, i_ev_extra4)
  returning ev_id, (select a.last_value from pgq.ticker_armed a) into v_id, v_armed;

  if v_armed = 1 then
    perform pgq.wake_ticker();
  end if;
  return v_id;
end;
$$;

create or replace function pgq.insert_event(i_queue_name text, i_ev_type text, i_ev_data text)
returns bigint
language sql
as $$
  select pgq.insert_event(i_queue_name, i_ev_type, i_ev_data, null, null, null, null);
$$;
