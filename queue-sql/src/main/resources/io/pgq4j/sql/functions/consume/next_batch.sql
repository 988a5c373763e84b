-- pgq.next_batch(queue, consumer)
-- pgq.next_batch_info(queue, consumer)
-- pgq.next_batch_custom(queue, consumer, min_lag, min_count, min_interval)
--
--   Opens the next batch of a consumer, or answers its open one again. A batch reaches from the last
--   finished tick to the next one, or to the first one that satisfies min_count or min_interval.
--
--   Two sessions cannot open two batches: opening appends the position after the one that was seen, whose
--   number is unique. Who comes second gets the batch of the first. Only if that was opened by another role,
--   which the caller may not act for, it is taken over: it gets a new id, and the old one is not open any more. A
--   paused consumer gets none; that is asked again where the position is appended, for a bootstrap pauses and moves
--   it in one transaction.
--
--   A consumer whose batches are shared by members opens none itself; one that it has open already, it may
--   finish. A member, by the name consumer.subconsumer, gets the next batch of the consumer it works for, as
--   from pgq_coop.next_batch.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
--   i_min_lag        only ticks at least so old; null: all
--   i_min_count      at least about so many events; null: any number
--   i_min_interval   or covering at least so much time; null: any
-- Returns:
--   batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq,
--   prev_tick_event_seq; pgq.next_batch only the first. All null when there is no such tick yet, or the
--   consumer is paused
-- Errors:
--   PQ002  the consumer is not registered
--   42501  no right on this queue
--   PQ008  it has members, who share its batches
--   40001  the snapshot is older than a compaction, or another session was faster (not READ COMMITTED)
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration, pgq.tick; writes pgq.position
create or replace function pgq.next_batch_custom(
  i_queue_name text, i_consumer_name text, i_min_lag interval, i_min_count integer, i_min_interval interval,
  out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
  out cur_tick_time timestamptz, out prev_tick_time timestamptz,
  out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_queue_id integer;
  v_sub_id integer;
  v_main integer;
  v_shared boolean;
  v_paused boolean;
  v_guarded boolean;
  v_position pgq.position;
begin
  select
    r.sub_queue, r.sub_id, r.sub_main, pgq.is_paused(r),
    exists (select from pgq.registration m where m.sub_main = r.sub_id), q.queue_guarded
  into v_queue_id, v_sub_id, v_main, v_paused, v_shared, v_guarded
  from pgq.queue q
  join pgq.registration r on r.sub_queue = q.queue_id
  join pgq.consumer c on c.co_id = r.sub_consumer
  where q.queue_name = i_queue_name and c.co_name = i_consumer_name;
  if not found then
    raise exception 'Not subscriber to queue: %/%', coalesce(i_queue_name, 'NULL'), coalesce(i_consumer_name, 'NULL')
      using errcode = 'PQ002', hint = 'Register it with pgq.register_consumer(queue, consumer).';
  elsif v_guarded then
    perform pgq.check_consumer(v_queue_id);
  end if;

  if v_main is not null and not v_paused then
    select pgq.is_paused(m) into v_paused from pgq.registration m where m.sub_id = v_main;
  end if;
  loop
    if v_paused then
      return;
    end if;
    v_position := pgq.current_position(v_sub_id);
    exit when v_position.batch_id is not null and pgq.may_hold(v_position.pos_role);
    if v_position.batch_id is not null then
      v_position.batch_id := nextval('pgq.batch_id_seq');
      insert into pgq.position (sub_id, pos_seq, last_tick, batch_id, next_tick)
      values (
        v_sub_id, v_position.pos_seq + 1, v_position.last_tick, v_position.batch_id, v_position.next_tick)
      on conflict (sub_id, pos_seq) do nothing;
      exit when found;
      continue;
    end if;
    if v_shared then
      raise exception 'the batches of consumer %/% are shared by members', i_queue_name, i_consumer_name
        using errcode = 'PQ008', hint = 'Call pgq_coop.next_batch(queue, consumer, subconsumer).';
    end if;
    if v_main is not null then
      v_position := pgq_coop.hand_out(v_queue_id, v_main, v_sub_id, i_min_lag, i_min_count, i_min_interval);
      exit when v_position.batch_id is not null;
      return;
    end if;

    v_position.next_tick := pgq.next_tick(
      v_queue_id, v_position.last_tick, i_min_lag, i_min_count, i_min_interval);
    if v_position.next_tick is null then
      return;
    end if;
    insert into pgq.position (sub_id, pos_seq, last_tick, batch_id, next_tick)
    select
      v_sub_id, v_position.pos_seq + 1, v_position.last_tick, nextval('pgq.batch_id_seq'), v_position.next_tick
    from pgq.registration r
    where r.sub_id = v_sub_id and not pgq.is_paused(r)
    on conflict (sub_id, pos_seq) do nothing
    returning batch_id into v_position.batch_id;
    exit when found;
    select pgq.is_paused(r) into v_paused from pgq.registration r where r.sub_id = v_sub_id;
  end loop;

  select
    v_position.batch_id, cur.tick_id, prev.tick_id, cur.tick_time, prev.tick_time,
    cur.tick_event_seq, prev.tick_event_seq
  into
    batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq, prev_tick_event_seq
  from pgq.tick cur, pgq.tick prev
  where cur.tick_queue = v_queue_id and cur.tick_id = v_position.next_tick
    and prev.tick_queue = v_queue_id and prev.tick_id = v_position.last_tick;
  if not found then
    perform pgq.refuse_stale_snapshot(format('%s/%s', i_queue_name, i_consumer_name));
  end if;
end;
$$;

create or replace function pgq.next_batch_info(
  i_queue_name text, i_consumer_name text,
  out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
  out cur_tick_time timestamptz, out prev_tick_time timestamptz,
  out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
language plpgsql
as $$
begin
  select b.*
  into
    batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq, prev_tick_event_seq
  from pgq.next_batch_custom(i_queue_name, i_consumer_name, null, null, null) b;
end;
$$;

create or replace function pgq.next_batch(i_queue_name text, i_consumer_name text)
returns bigint
language sql
as $$
  select (pgq.next_batch_custom(i_queue_name, i_consumer_name, null, null, null)).batch_id;
$$;
