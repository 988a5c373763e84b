-- pgq.set_consumer_state(queue, consumer, host, process, started, state, error)
--
--   Tells who runs a consumer, and how it fares. Call it when that changes, not more often. The row is the consumer's
--   only one: who calls last, is seen.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer; of a member, consumer.subconsumer
--   i_host           where it runs
--   i_process        as which process
--   i_started        since when
--   i_state          a word
--   i_error          the failure that it tells of; null: none, and the last one is kept
-- Returns:
--   1
-- Errors:
--   42501  no right on this queue
--   PQ002  the consumer is not registered
-- Tables:
--   reads pgq.registration; writes pgq.consumer_state
create or replace function pgq.set_consumer_state(
  i_queue_name text, i_consumer_name text, i_host text, i_process bigint, i_started timestamptz, i_state text,
  i_error text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub integer := (pgq.find_consumer(i_queue_name, i_consumer_name)).sub_id;
begin
  insert into pgq.consumer_state as s (
    cs_sub, cs_host, cs_process, cs_started, cs_state, cs_since, cs_error, cs_error_time, cs_backend)
  values (
    v_sub, i_host, i_process, i_started, i_state, now(), i_error, case when i_error is not null then now() end,
    pg_backend_pid())
  on conflict (cs_sub) do update
  set cs_host = excluded.cs_host, cs_process = excluded.cs_process, cs_started = excluded.cs_started,
    cs_state = excluded.cs_state,
    cs_since = case when s.cs_state = excluded.cs_state then s.cs_since else excluded.cs_since end,
    cs_error = coalesce(excluded.cs_error, s.cs_error),
    cs_error_time = coalesce(excluded.cs_error_time, s.cs_error_time),
    cs_backend = excluded.cs_backend;
  return 1;
end;
$$;

-- pgq.get_consumer_states()
-- pgq.get_consumer_states(queue)
--
--   Who runs which consumer, as the programs told by pgq.set_consumer_state. Whether it is there still, is known by its
--   session: behind a transaction-pooling proxy, that is no good sign.
--
-- Parameters:
--   i_queue_name  the queue; default: all
-- Returns:
--   queue_name, consumer_name
--   host, process, started  where it runs, as which process, since when
--   state, since            how it fares, since when
--   error, error_time       the last failure; null: none
--   connected               whether its session is there
-- Tables:
--   reads pgq.consumer_state, pgq.registration, pgq.queue, pgq.consumer, pg_stat_activity
create or replace function pgq.get_consumer_states(
  i_queue_name text,
  out queue_name text, out consumer_name text, out host text, out process bigint, out started timestamptz,
  out state text, out since timestamptz, out error text, out error_time timestamptz, out connected boolean)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  select
    q.queue_name, c.co_name, s.cs_host, s.cs_process, s.cs_started, s.cs_state, s.cs_since, s.cs_error, s.cs_error_time,
    exists (select from pg_stat_activity a where a.pid = s.cs_backend and a.datname = current_database())
  from pgq.consumer_state s
  join pgq.registration r on r.sub_id = s.cs_sub
  join pgq.queue q on q.queue_id = r.sub_queue
  join pgq.consumer c on c.co_id = r.sub_consumer
  where i_queue_name is null or q.queue_name = i_queue_name
  order by q.queue_name, c.co_name;
end;
$$;

create or replace function pgq.get_consumer_states(
  out queue_name text, out consumer_name text, out host text, out process bigint, out started timestamptz,
  out state text, out since timestamptz, out error text, out error_time timestamptz, out connected boolean)
returns setof record
language sql
as $$
  select s.* from pgq.get_consumer_states(null) s;
$$;
