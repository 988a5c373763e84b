-- pgq.find_consumer(queue, consumer)
--
--   Internal. The registration of a consumer; for the functions that are not on a hot path.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
-- Returns:
--   the row of pgq.registration
-- Errors:
--   PQ002  the consumer is not registered
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration
create or replace function pgq.find_consumer(i_queue_name text, i_consumer_name text)
returns pgq.registration
language plpgsql
as $$
declare
  v_registration pgq.registration;
begin
  select r.* into v_registration
  from pgq.queue q
  join pgq.registration r on r.sub_queue = q.queue_id
  join pgq.consumer c on c.co_id = r.sub_consumer
  where q.queue_name = i_queue_name and c.co_name = i_consumer_name;
  if not found then
    raise exception 'Not subscriber to queue: %/%', i_queue_name, i_consumer_name
      using errcode = 'PQ002', hint = 'Register it with pgq.register_consumer(queue, consumer).';
  elsif (select q.queue_guarded from pgq.queue q where q.queue_id = v_registration.sub_queue) then
    perform pgq.check_consumer(v_registration.sub_queue);
  end if;
  return v_registration;
end;
$$;

-- pgq.find_settled_consumer(queue, consumer)
--
--   Internal. The same, of a consumer whose position may be changed: not a member, nor one that is being
--   bootstrapped.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
-- Returns:
--   the row of pgq.registration
-- Errors:
--   PQ002  the consumer is not registered
--   PQ008  it is a member, or its bootstrap is not finished
-- Tables:
--   reads pgq.queue, pgq.consumer; locks the row of pgq.registration
create or replace function pgq.find_settled_consumer(i_queue_name text, i_consumer_name text)
returns pgq.registration
language plpgsql
as $$
declare
  v_registration pgq.registration := pgq.find_consumer(i_queue_name, i_consumer_name);
begin
  select r.* into v_registration
  from pgq.registration r where r.sub_id = v_registration.sub_id for no key update;
  if v_registration.sub_main is not null then
    raise exception 'cannot reposition, % is a member', i_consumer_name
      using errcode = 'PQ008', hint = 'Move the consumer that it works for.';
  elsif v_registration.sub_bootstrap_tick is not null then
    raise exception 'consumer % is being bootstrapped', i_consumer_name
      using errcode = 'PQ008',
            hint = 'It has not read all rows: bootstrap it anew; or, to go on without them, call '
              || format('pgq.bootstrap_finish(queue, consumer, %s).', v_registration.sub_bootstrap_tick);
  end if;
  return v_registration;
end;
$$;
