-- pgq.pause_consumer(queue, consumer)
-- pgq.resume_consumer(queue, consumer)
--
--   Gives a consumer no more batches until it is resumed, whatever restarts meanwhile. The batch it has open may be
--   finished. Events, and event tables, are kept for it all the while. pgq.get_paused_consumers shows it.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
-- Returns:
--   1; 0 when it was so already
-- Errors:
--   PQ002  the consumer is not registered
--   PQ008  it cannot be resumed before its bootstrap is finished
-- Tables:
--   writes pgq.registration; resuming notifies pgq_tick
create or replace function pgq.pause_consumer(i_queue_name text, i_consumer_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_consumer pgq.registration := pgq.find_consumer(i_queue_name, i_consumer_name);
begin
  update pgq.registration r
  set sub_paused_at = clock_timestamp()
  where r.sub_id = v_consumer.sub_id and r.sub_paused_at is null;
  return found::integer;
end;
$$;

create or replace function pgq.resume_consumer(i_queue_name text, i_consumer_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_consumer pgq.registration := pgq.find_settled_consumer(i_queue_name, i_consumer_name);
begin
  update pgq.registration r
  set sub_paused_at = null
  where r.sub_id = v_consumer.sub_id and r.sub_paused_at is not null;
  if not found then
    return 0;
  end if;
  perform pg_notify('pgq_tick', i_queue_name);
  return 1;
end;
$$;

-- pgq.is_paused(registration)
--
--   Internal. Whether a consumer is given no batches.
--
-- Parameters:
--   i_registration  row of pgq.registration
-- Returns:
--   true or false
-- Tables:
--   none
create or replace function pgq.is_paused(i_registration pgq.registration)
returns boolean
language sql
immutable
as $$
  select i_registration.sub_paused_at is not null or i_registration.sub_bootstrap_tick is not null;
$$;
