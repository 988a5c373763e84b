-- pgq.dead_requeue(queue, consumer)
-- pgq.dead_requeue(queue, consumer, event_id)
--
--   Sends dead letters back to the consumer that gave them up, and to no other: the first 10,000, or one. They
--   come in a later batch; attempts are counted anew, the first failure is remembered. Two calls at once send
--   each of them once: the second waits for the first and goes on after it.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer, which has to be registered
--   i_event_id       the event
-- Returns:
--   number of events sent back, up to 10,000: call again while it is so many; 0 when there is none
-- Errors:
--   PQ001  no such queue
--   PQ002  no such consumer, or it is not registered
--   PQ008  the event id is null
-- Tables:
--   reads pgq.queue, pgq.consumer; locks the row of pgq.registration; writes pgq.dead_letter, pgq.retry_queue;
--   notifies pgq_ticker
create or replace function pgq.dead_requeue(i_queue_name text, i_consumer_name text, i_event_id bigint)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if i_event_id is null then
    raise exception 'dead_requeue: no event given'
      using errcode = 'PQ008', hint = 'Give the ev_id of a dead letter, or use pgq.dead_requeue(queue, consumer).';
  end if;
  return pgq.requeue_dead_letters(i_queue_name, i_consumer_name, i_event_id);
end;
$$;

create or replace function pgq.dead_requeue(i_queue_name text, i_consumer_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return pgq.requeue_dead_letters(i_queue_name, i_consumer_name, null);
end;
$$;

-- pgq.requeue_dead_letters(queue, consumer, event_id)
--
--   Internal. See pgq.dead_requeue. The registration is locked, so that a consumer that leaves meanwhile does not
--   leave events behind that nobody gets.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
--   i_event_id       the event; null: the first 10,000
-- Returns:
--   number of events sent back
-- Errors:
--   PQ001, PQ002  as there
-- Tables:
--   as there
create or replace function pgq.requeue_dead_letters(i_queue_name text, i_consumer_name text, i_event_id bigint)
returns integer
language plpgsql
as $$
declare
  v_whose record := pgq.find_dead_letters(i_queue_name, i_consumer_name);
  v_sub integer;
  v_count integer;
begin
  select r.sub_id into v_sub
  from pgq.registration r
  where r.sub_queue = v_whose.queue_id and r.sub_consumer = v_whose.consumer_id
  for key share;
  if not found then
    raise exception 'consumer not registered'
      using errcode = 'PQ002', detail = format('Queue: %L, consumer: %L.', i_queue_name, i_consumer_name),
            hint = 'Register it with pgq.register_consumer(queue, consumer).';
  end if;

  with taken as (
    delete from pgq.dead_letter d
    where d.dl_id = any (array(
      select l.dl_id
      from pgq.dead_letter l
      where l.dl_queue = v_whose.queue_id
        and l.dl_consumer = v_whose.consumer_id
        and (i_event_id is null or l.ev_id = i_event_id)
      order by l.ev_id
      limit 10000
      for update))
    returning d.*
  ), returned as (
    insert into pgq.retry_queue (
      ev_retry_after, ev_queue, ev_id, ev_time, ev_owner,
      ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4, ev_first_failed)
    select
      clock_timestamp(), v_whose.queue_id, t.ev_id, t.ev_time, v_sub,
      t.ev_type, t.ev_data, t.ev_extra1, t.ev_extra2, t.ev_extra3, t.ev_extra4, t.dl_first_time
    from taken t
    on conflict (ev_queue, ev_owner, ev_id) do nothing
  )
  select count(*) into v_count from taken;
  perform pgq.wake_ticker();
  return v_count;
end;
$$;
