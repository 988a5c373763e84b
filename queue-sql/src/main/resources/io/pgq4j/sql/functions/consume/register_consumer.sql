-- pgq.register_consumer(queue, consumer)
-- pgq.register_consumer_at(queue, consumer, tick)
--
--   Registers a consumer: it gets every event that is committed from now on, or after a tick that is still
--   kept. For a registered consumer, a tick moves it there and drops its open batch and those of its members.
--   The queue's row is locked, against a rotation that would empty what the consumer is about to need.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  1 to 1000 bytes, without control characters
--   i_tick_pos       the tick to start after; null: the last one, and no move
-- Returns:
--   1 when it was registered, 0 when it was registered already
-- Errors:
--   PQ001  no such queue
--   PQ008  bad name; no such tick, or events after it are gone; a member cannot be moved
-- Tables:
--   reads pgq.tick; locks the row of pgq.queue; writes pgq.consumer, pgq.registration, pgq.position
create or replace function pgq.register_consumer_at(i_queue_name text, i_consumer_name text, i_tick_pos bigint)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name, 'Event queue not created yet');
  v_tick bigint;
  v_consumer integer;
  v_sub integer;
  v_main integer;
begin
  perform pgq.check_name('consumer', i_consumer_name);
  select q.* into v_queue from pgq.queue q where q.queue_id = v_queue.queue_id for no key update;
  if not found then
    perform pgq.find_queue(i_queue_name, 'Event queue not created yet');
  end if;

  select t.tick_id into v_tick
  from pgq.tick t
  where t.tick_queue = v_queue.queue_id
    and (i_tick_pos is null or (t.tick_id = i_tick_pos and t.tick_id >= v_queue.queue_oldest_tick))
  order by t.tick_id desc
  limit 1;
  if not found then
    if i_tick_pos is null then
      perform pgq.refuse_stale_snapshot(i_queue_name);
    end if;
    raise exception 'cannot reposition, tick not found: %', i_tick_pos
      using errcode = 'PQ008', hint = 'Take a tick of this queue from pgq.tick, or leave it out to start now.';
  end if;

  insert into pgq.consumer (co_name) values (i_consumer_name) on conflict (co_name) do nothing;
  select c.co_id into v_consumer from pgq.consumer c where c.co_name = i_consumer_name;
  insert into pgq.registration (sub_queue, sub_consumer)
  values (v_queue.queue_id, v_consumer)
  on conflict (sub_queue, sub_consumer) do nothing
  returning sub_id into v_sub;
  if found then
    insert into pgq.position (sub_id, pos_seq, last_tick) values (v_sub, 1, v_tick);
    return 1;
  end if;

  if i_tick_pos is not null then
    select r.sub_id, r.sub_main into v_sub, v_main
    from pgq.registration r
    where r.sub_queue = v_queue.queue_id and r.sub_consumer = v_consumer;
    if v_main is not null then
      raise exception 'cannot reposition, % is a member', i_consumer_name
        using errcode = 'PQ008', hint = 'Move the consumer that it works for.';
    end if;
    perform pgq_coop.drop_batches(v_sub);
    loop
      insert into pgq.position (sub_id, pos_seq, last_tick)
      select v_sub, p.pos_seq + 1, v_tick from pgq.current_position(v_sub) p
      on conflict (sub_id, pos_seq) do nothing;
      exit when found;
    end loop;
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
