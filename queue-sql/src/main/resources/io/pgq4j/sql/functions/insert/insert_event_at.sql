-- pgq.insert_event_at(queue, type, data, at)
-- pgq.insert_event_at(queue, type, data, extra1, extra2, extra3, extra4, at)
--
--   Appends an event that consumers get when its time has come, not before: until then it waits in
--   pgq.retry_queue. It goes to all consumers that are registered then. A time that is past means at once.
--   Ids are given out here, so it comes behind events with higher ids; its ev_time is that of this call.
--
-- Parameters:
--   i_queue_name  the queue
--   i_ev_type     what happened
--   i_ev_data     payload, opaque text
--   i_ev_extra1 … i_ev_extra4  more fields for the consumer
--   i_at          when
-- Returns:
--   id of the event
-- Errors:
--   PQ001  no such queue
--   42501  no right on this queue
--   PQ005  inserting is disabled for this queue, or its per_tx_limit is reached
--   PQ008  the time is null or infinite
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.retry_queue, or pgq.event; notifies pgq_ticker
create or replace function pgq.insert_event_at(
  i_queue_name text, i_ev_type text, i_ev_data text,
  i_ev_extra1 text, i_ev_extra2 text, i_ev_extra3 text, i_ev_extra4 text, i_at timestamptz)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue record;
  v_id bigint;
begin
  if i_at is null or not isfinite(i_at) then
    raise exception 'insert_event_at: bad time: %', coalesce(i_at::text, 'null')
      using errcode = 'PQ008', hint = 'Give the time at which consumers shall get the event.';
  elsif i_at <= clock_timestamp() then
    return pgq.insert_event(
      i_queue_name, i_ev_type, i_ev_data, i_ev_extra1, i_ev_extra2, i_ev_extra3, i_ev_extra4);
  end if;

  select q.queue_id, q.queue_event_seq, q.queue_disable_insert, q.queue_per_tx_limit,
    q.queue_guarded
  into v_queue
  from pgq.queue q
  where q.queue_name = i_queue_name;
  if not found or v_queue.queue_disable_insert then
    perform pgq.refuse_insert(i_queue_name);
  elsif v_queue.queue_per_tx_limit is not null then
    perform pgq.count_in_tx(i_queue_name, 1);
  end if;
  if v_queue.queue_guarded then
    perform pgq.check_producer(v_queue.queue_id);
  end if;

  insert into pgq.retry_queue (
    ev_retry_after, ev_queue, ev_owner, ev_id, ev_time,
    ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
  values (
    i_at, v_queue.queue_id, 0, nextval(v_queue.queue_event_seq::regclass), now(),
    i_ev_type, i_ev_data, i_ev_extra1, i_ev_extra2, i_ev_extra3, i_ev_extra4)
  returning ev_id into v_id;
  perform pgq.wake_ticker();
  return v_id;
end;
$$;

create or replace function pgq.insert_event_at(i_queue_name text, i_ev_type text, i_ev_data text, i_at timestamptz)
returns bigint
language sql
as $$
  select pgq.insert_event_at(i_queue_name, i_ev_type, i_ev_data, null, null, null, null, i_at);
$$;
