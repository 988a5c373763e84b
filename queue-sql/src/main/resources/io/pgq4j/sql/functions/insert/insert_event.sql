-- pgq.insert_event(queue, type, data)
-- pgq.insert_event(queue, type, data, extra1, extra2, extra3, extra4)
--
--   Appends an event in the caller's transaction.
--
--   The order of the steps carries the promise (docs/explanation/wake-ups.md): the lock on pgq.event, then
--   the event's id, then a look at the wake flag. The ticker raises the flag, then looks at ids and locks,
--   then sleeps; so whoever did not see the flag is seen by the ticker. They are one statement, and
--   RETURNING comes last.
--
--   Unpinned: setting search_path would cost a fifth of the call. So every name in the body has its schema,
--   operators and types too, and what it calls pins (docs/decisions/0012).
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
--   42501  no right on this queue
--   PQ005  inserting is disabled for this queue, or its per_tx_limit is reached
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.event
create or replace function pgq.insert_event(
  i_queue_name text, i_ev_type text, i_ev_data text,
  i_ev_extra1 text, i_ev_extra2 text, i_ev_extra3 text, i_ev_extra4 text)
returns bigint
language plpgsql
security definer
as $$
declare
  v_id bigint;
  v_armed bigint;
begin
  insert into pgq.event (
    ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
  select
    pg_catalog.nextval(q.queue_event_seq_id), pg_catalog.now(), q.queue_id, q.queue_cur_table,
    i_ev_type, i_ev_data, i_ev_extra1, i_ev_extra2, i_ev_extra3, i_ev_extra4
  from pgq.queue q
  where q.queue_name operator(pg_catalog.=) i_queue_name
    and not q.queue_disable_insert
    and (not q.queue_guarded or pgq.check_producer(q.queue_id))
    and (q.queue_per_tx_limit is null or pgq.count_in_tx(i_queue_name, 1))
  returning ev_id, pg_catalog.pg_sequence_last_value('pgq.ticker_armed') into v_id, v_armed;

  if v_id is null then
    perform pgq.refuse_insert(i_queue_name);
  elsif v_armed operator(pg_catalog.=) 1 then
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
