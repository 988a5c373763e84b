-- pgq_coop.next_batch(queue, consumer, subconsumer)
-- pgq_coop.next_batch(queue, consumer, subconsumer, dead_interval)
-- pgq_coop.next_batch_custom(queue, consumer, subconsumer, min_lag, min_count, min_interval)
-- pgq_coop.next_batch_custom(queue, consumer, subconsumer, min_lag, min_count, min_interval, dead_interval)
--
--   Opens the next batch of a consumer for one of its members, or answers the member's open one again. Each
--   batch is handed to exactly one member.
--
--   With i_dead_interval a member first takes over the oldest batch of another one that was not heard of for so
--   long: neither by next_batch nor by pgq_coop.heartbeat. It gets a new id; who held it before can neither
--   finish it nor retry its events.
--
--   Commit soon after this: while a transaction that was given a batch is open, other members wait for 200 ms
--   and are then told that there is none.
--
-- Parameters:
--   i_queue_name        the queue
--   i_consumer_name     the consumer
--   i_subconsumer_name  the member
--   i_min_lag, i_min_count, i_min_interval  as in pgq.next_batch_custom
--   i_dead_interval     take over the batch of a member that was silent for so long; null: never
-- Returns:
--   as pgq.next_batch_custom; pgq_coop.next_batch only the batch_id. All null when there is nothing to do now, or the
--   member or its consumer is paused
-- Errors:
--   42501  no right on this queue
--   PQ002  the member is not registered
--   40001  the snapshot is older than a compaction, or another session was faster (not READ COMMITTED); the
--          consumer was moved, or the member unregistered, meanwhile
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration, pgq.tick; writes pgq.position
create or replace function pgq_coop.next_batch_custom(
  i_queue_name text, i_consumer_name text, i_subconsumer_name text,
  i_min_lag interval, i_min_count integer, i_min_interval interval, i_dead_interval interval,
  out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
  out cur_tick_time timestamptz, out prev_tick_time timestamptz,
  out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_member pgq.registration := pgq_coop.find_member(i_queue_name, i_consumer_name, i_subconsumer_name);
begin
  if v_member.sub_id is null then
    raise exception 'Not subscriber to queue: %/%.%', i_queue_name, i_consumer_name, i_subconsumer_name
      using errcode = 'PQ002', hint = 'Register it with pgq_coop.register_subconsumer(queue, consumer, subconsumer).';
  end if;
  if (select q.queue_guarded from pgq.queue q where q.queue_id = v_member.sub_queue) then
    perform pgq.check_consumer(v_member.sub_queue);
  end if;
  if i_dead_interval is not null
    and (pgq.current_position(v_member.sub_id)).batch_id is null
    and not exists (
      select from pgq.registration r
      where r.sub_id in (v_member.sub_id, v_member.sub_main) and pgq.is_paused(r))
  then
    perform pgq_coop.take_over(v_member.sub_main, v_member.sub_id, i_dead_interval);
  end if;
  select b.*
  into
    batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq, prev_tick_event_seq
  from pgq.next_batch_custom(
    i_queue_name, pgq_coop.member_name(i_consumer_name, i_subconsumer_name),
    i_min_lag, i_min_count, i_min_interval) b;
end;
$$;

create or replace function pgq_coop.next_batch_custom(
  i_queue_name text, i_consumer_name text, i_subconsumer_name text,
  i_min_lag interval, i_min_count integer, i_min_interval interval,
  out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
  out cur_tick_time timestamptz, out prev_tick_time timestamptz,
  out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
language plpgsql
as $$
begin
  select b.*
  into
    batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq, prev_tick_event_seq
  from pgq_coop.next_batch_custom(
    i_queue_name, i_consumer_name, i_subconsumer_name, i_min_lag, i_min_count, i_min_interval, null) b;
end;
$$;

create or replace function pgq_coop.next_batch(
  i_queue_name text, i_consumer_name text, i_subconsumer_name text, i_dead_interval interval)
returns bigint
language plpgsql
as $$
begin
  return (
    pgq_coop.next_batch_custom(
      i_queue_name, i_consumer_name, i_subconsumer_name, null, null, null, i_dead_interval)).batch_id;
end;
$$;

create or replace function pgq_coop.next_batch(i_queue_name text, i_consumer_name text, i_subconsumer_name text)
returns bigint
language plpgsql
as $$
begin
  return (
    pgq_coop.next_batch_custom(
      i_queue_name, i_consumer_name, i_subconsumer_name, null, null, null, null)).batch_id;
end;
$$;
