-- pgq.register_consumer(queue, consumer)
-- pgq.register_consumer_at(queue, consumer, tick)
-- pgq.register_consumer_since(queue, consumer, time)
--
--   Registers a consumer: it gets every event that is committed from now on, or after a tick or a time from which
--   on events are still kept. A consumer that is registered already stays where it is; only a tick moves it
--   there, as pgq.seek does.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  1 to 1000 bytes, without control characters
--   i_tick_pos       the tick to start after; null: the last one, and no move
--   i_time           the time to start from; -infinity: the oldest event that is kept
-- Returns:
--   1 when it was registered, 0 when it was registered already
-- Errors:
--   PQ001  no such queue
--   42501  no right on this queue
--   PQ008  bad name; no such tick, or events after it are gone; a member, or one whose bootstrap is not finished,
--          cannot be moved
--   40001  the snapshot is older than a compaction or a rotation
-- Tables:
--   reads pgq.tick; locks the row of pgq.queue; writes pgq.consumer, pgq.registration, pgq.position
create or replace function pgq.register_consumer_at(i_queue_name text, i_consumer_name text, i_tick_pos bigint)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.lock_queue(i_queue_name, 'Event queue not created yet');
  v_tick bigint;
begin
  perform pgq.check_name('consumer', i_consumer_name);
  v_tick := pgq.kept_tick(v_queue, i_tick_pos);
  if pgq.add_consumer(v_queue, i_consumer_name, v_tick) then
    return 1;
  end if;
  if i_tick_pos is not null then
    perform pgq.move_consumer((pgq.find_settled_consumer(i_queue_name, i_consumer_name)).sub_id, v_tick);
  end if;
  return 0;
end;
$$;

create or replace function pgq.register_consumer(i_queue_name text, i_consumer_name text)
returns integer
language sql
as $$
  select pgq.register_consumer_at(i_queue_name, i_consumer_name, null);
$$;

create or replace function pgq.register_consumer_since(i_queue_name text, i_consumer_name text, i_time timestamptz)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.lock_queue(i_queue_name, 'Event queue not created yet');
begin
  perform pgq.check_name('consumer', i_consumer_name);
  if exists (
    select from pgq.registration r join pgq.consumer c on c.co_id = r.sub_consumer
    where r.sub_queue = v_queue.queue_id and c.co_name = i_consumer_name)
  then
    return 0;
  end if;
  return pgq.add_consumer(v_queue, i_consumer_name, pgq.kept_tick(v_queue, i_time))::integer;
end;
$$;

-- pgq.add_consumer(queue, consumer, tick)
--
--   Internal. Registers a consumer at a tick, if it is not registered.
--
-- Parameters:
--   i_queue          row of pgq.queue, locked
--   i_consumer_name  the consumer
--   i_tick           the tick
-- Returns:
--   whether it was registered now
-- Tables:
--   writes pgq.consumer, pgq.registration, pgq.position
create or replace function pgq.add_consumer(i_queue pgq.queue, i_consumer_name text, i_tick bigint)
returns boolean
language plpgsql
as $$
declare
  v_sub integer;
begin
  insert into pgq.consumer (co_name) values (i_consumer_name) on conflict (co_name) do nothing;
  insert into pgq.registration (sub_queue, sub_consumer)
  select i_queue.queue_id, c.co_id from pgq.consumer c where c.co_name = i_consumer_name
  on conflict (sub_queue, sub_consumer) do nothing
  returning sub_id into v_sub;
  if not found then
    return false;
  end if;
  insert into pgq.position (sub_id, pos_seq, last_tick) values (v_sub, 1, i_tick);
  -- Events that nobody waited for are to be ticked now. The wake flag says nothing about who registers.
  if current_setting('max_prepared_transactions') = '0' then
    perform pg_notify('pgq_ticker', '');
  end if;
  return true;
end;
$$;
