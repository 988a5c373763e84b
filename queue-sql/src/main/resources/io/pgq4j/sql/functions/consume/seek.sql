-- pgq.seek(queue, consumer, tick)
-- pgq.seek(queue, consumer, time)
--
--   Moves a consumer, back to have events again or ahead to pass some over: to a tick, or to the last tick before
--   a time. From there it gets every event that is committed after it. About one tick is kept for each minute in
--   which events came, so a time may bring a minute's events from before it too.
--
--   An open batch is abandoned, and so are those of members: their ids are refused from now on. Events that wait
--   in the retry queue stay there and come when they are due, whether the consumer passes them again or not; so do
--   dead letters.
--
--   Rotation is held off by the lock on the queue's row, compaction by the lock that reading pgq.tick takes.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
--   i_tick           a tick of pgq.tick, from pgq.oldest_tick(queue) on
--   i_time           the time; -infinity: the oldest tick, infinity: the last one
-- Returns:
--   the tick after which it goes on
-- Errors:
--   PQ001  no such queue
--   PQ002  the consumer is not registered
--   PQ008  no such tick, or events after it or after the time are gone; a member, or one whose bootstrap is not
--          finished, cannot be moved
--   40001  the snapshot is older than a compaction or a rotation
-- Tables:
--   reads pgq.tick; locks the rows of pgq.queue and pgq.registration; writes pgq.position; notifies pgq_tick
create or replace function pgq.seek(i_queue_name text, i_consumer_name text, i_tick bigint)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.lock_queue(i_queue_name);
  v_consumer pgq.registration := pgq.find_settled_consumer(i_queue_name, i_consumer_name);
begin
  if i_tick is null then
    raise exception 'no tick is given' using errcode = 'PQ008', hint = 'To go to the last one, seek ''infinity''.';
  end if;
  perform pgq.move_consumer(v_consumer.sub_id, pgq.kept_tick(v_queue, i_tick));
  perform pg_notify('pgq_tick', i_queue_name);
  return i_tick;
end;
$$;

create or replace function pgq.seek(i_queue_name text, i_consumer_name text, i_time timestamptz)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return pgq.seek(i_queue_name, i_consumer_name, pgq.kept_tick(pgq.lock_queue(i_queue_name), i_time));
end;
$$;

-- pgq.oldest_tick(queue)
--
--   How far back a consumer can go: the first tick after which every event is kept. Rotation moves it on.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   tick_id, tick_time
-- Errors:
--   PQ001  no such queue
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.queue, pgq.tick
create or replace function pgq.oldest_tick(i_queue_name text, out tick_id bigint, out tick_time timestamptz)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name);
begin
  select t.tick_id, t.tick_time into tick_id, tick_time
  from pgq.tick t
  where t.tick_queue = v_queue.queue_id and t.tick_id >= v_queue.queue_oldest_tick
  order by t.tick_id
  limit 1;
  if not found then
    perform pgq.refuse_stale_snapshot(i_queue_name);
  end if;
end;
$$;

-- pgq.kept_tick(queue, tick)
-- pgq.kept_tick(queue, time)
--
--   Internal. The tick where a consumer is to be put: one after which every event is kept.
--
-- Parameters:
--   i_queue  row of pgq.queue, locked
--   i_tick   the tick; null: the last one
--   i_time   the last tick before this time; -infinity: the oldest tick. Should a clock have stepped back, the
--            earlier one of those in question
-- Returns:
--   id of the tick
-- Errors:
--   PQ008  no such tick, or events after it or after the time are gone
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.tick
create or replace function pgq.kept_tick(i_queue pgq.queue, i_tick bigint)
returns bigint
language plpgsql
as $$
declare
  v_oldest bigint := (pgq.oldest_tick(i_queue.queue_name)).tick_id;
  v_tick bigint;
begin
  select t.tick_id into v_tick
  from pgq.tick t
  where t.tick_queue = i_queue.queue_id
    and (i_tick is null or t.tick_id = i_tick and t.tick_id >= v_oldest)
  order by t.tick_id desc
  limit 1;
  if not found then
    raise exception 'cannot reposition, tick not found: %', i_tick
      using errcode = 'PQ008',
            hint = format('Take a tick of this queue from pgq.tick, the oldest is %s; or start at its end.', v_oldest);
  end if;
  return v_tick;
end;
$$;

create or replace function pgq.kept_tick(i_queue pgq.queue, i_time timestamptz)
returns bigint
language plpgsql
as $$
declare
  v_oldest record := pgq.oldest_tick(i_queue.queue_name);
begin
  if i_time is null then
    raise exception 'no time is given' using errcode = 'PQ008', hint = 'For the oldest event, give ''-infinity''.';
  elsif i_time >= v_oldest.tick_time then
    return (
      select max(t.tick_id)
      from pgq.tick t
      where t.tick_queue = i_queue.queue_id
        and t.tick_id >= v_oldest.tick_id
        and t.tick_id < coalesce((
          select min(l.tick_id)
          from pgq.tick l
          where l.tick_queue = i_queue.queue_id and l.tick_id > v_oldest.tick_id and l.tick_time > i_time),
          9223372036854775807));
  elsif i_time > '-infinity' and i_queue.queue_oldest_tick > 0 then
    raise exception 'cannot reposition, events before % are gone', v_oldest.tick_time
      using errcode = 'PQ008', hint = 'Give a later time, or ''-infinity'' for the oldest event that is kept.';
  end if;
  return v_oldest.tick_id;
end;
$$;

-- pgq.move_consumer(sub_id, tick)
--
--   Internal. Puts a consumer to a tick. Its open batch, and those of its members, are the current ones no more.
--   Whoever opens or finishes a batch at the same time is first or is refused: positions are numbered.
--
-- Parameters:
--   i_sub_id  the subscription
--   i_tick    the tick
-- Returns:
--   nothing
-- Errors:
--   40001  the snapshot is older than a compaction, or another session was faster (not READ COMMITTED)
-- Tables:
--   writes pgq.position
create or replace function pgq.move_consumer(i_sub_id integer, i_tick bigint)
returns void
language plpgsql
as $$
begin
  perform pgq_coop.drop_batches(i_sub_id);
  loop
    insert into pgq.position (sub_id, pos_seq, last_tick)
    select i_sub_id, p.pos_seq + 1, i_tick from pgq.current_position(i_sub_id) p
    on conflict (sub_id, pos_seq) do nothing;
    exit when found;
  end loop;
end;
$$;
