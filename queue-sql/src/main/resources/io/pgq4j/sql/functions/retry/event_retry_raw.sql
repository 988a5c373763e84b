-- pgq.event_retry_raw(queue, consumer, after, id, time, retry, type, data, extra1, extra2, extra3, extra4)
--
--   Puts any event into the retry queue of a consumer, as copying from another queue needs it.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
--   i_retry_after    when to come back
--   i_ev_id          its id; null: the next one of the queue
--   i_ev_time        its time
--   i_ev_retry       how often it was retried; null: never
--   i_ev_type … i_ev_extra4  as in pgq.insert_event
-- Returns:
--   id of the event
-- Errors:
--   PQ002  the consumer is not registered
--   23502  the time of the event, or when to come back, is null
--   23505  the event is in the retry queue already
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration; writes pgq.retry_queue; notifies pgq_ticker
create or replace function pgq.event_retry_raw(
  i_queue_name text, i_consumer_name text, i_retry_after timestamptz,
  i_ev_id bigint, i_ev_time timestamptz, i_ev_retry integer, i_ev_type text, i_ev_data text,
  i_ev_extra1 text, i_ev_extra2 text, i_ev_extra3 text, i_ev_extra4 text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub record;
  v_id bigint;
begin
  select coalesce(r.sub_main, r.sub_id) as sub_id, q.queue_id, q.queue_event_seq into v_sub
  from pgq.queue q
  join pgq.registration r on r.sub_queue = q.queue_id
  join pgq.consumer c on c.co_id = r.sub_consumer
  where q.queue_name = i_queue_name and c.co_name = i_consumer_name;
  if not found then
    raise exception 'consumer not registered'
      using errcode = 'PQ002', detail = format('Queue: %L, consumer: %L.', i_queue_name, i_consumer_name),
            hint = 'Register it with pgq.register_consumer(queue, consumer).';
  end if;

  v_id := coalesce(i_ev_id, nextval(v_sub.queue_event_seq::regclass));
  insert into pgq.retry_queue (
    ev_retry_after, ev_queue, ev_id, ev_time, ev_owner, ev_retry,
    ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
  values (
    i_retry_after, v_sub.queue_id, v_id, i_ev_time, v_sub.sub_id, i_ev_retry,
    i_ev_type, i_ev_data, i_ev_extra1, i_ev_extra2, i_ev_extra3, i_ev_extra4);
  perform pgq.wake_ticker();
  return v_id;
end;
$$;
