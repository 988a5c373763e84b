-- pgq.tick_round(queues)
--
--   What the ticker's process calls instead of pgq.ticker(). Ticks are the same; which are made, and who hears of
--   them, differs:
--     - a queue that nobody consumes is ticked by its idle period only;
--     - after a tick that consumers have still to read, another one would bring no event to anybody any sooner: it
--       waits for them, see pgq.consumers_behind;
--     - a tick of the idle period with no event before it wakes nobody: consumers that have read all that was
--       before it are moved to it, see pgq.pass_idle_tick.
--
--   The order of looks is that of pgq.ticker: ids, locks, snapshot.
--
-- Parameters:
--   i_queues  ids of the queues to look at; null: all
-- Returns:
--   queues_ticked  number of queues ticked
--   busy_queues    ids of those among them that have new events, or may have
--   held           some queue is not ticked before its consumers have read more: look again soon
--   took           the time it took in the server, without the commit: what it costs, and not the disk
-- Errors:
--   PQ007  the transaction is not READ COMMITTED: its snapshot may be old
-- Tables:
--   reads pgq.queue, pgq.event_<id>, pgq.registration; writes pgq.tick, pgq.position; notifies pgq_tick
create or replace function pgq.tick_round(
  i_queues integer[], out queues_ticked integer, out busy_queues integer[], out held boolean, out took interval)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_states pgq.queue_state[];
  v_state pgq.queue_state;
  v_consumers record;
  v_open boolean;
begin
  perform pgq.check_isolation('tick_round');
  queues_ticked := 0;
  busy_queues := '{}';
  held := false;
  if i_queues is null then
    v_states := array(select s from pgq.queue_state s where s.moved or s.behind or s.idle_in <= interval '0');
  else
    v_states := array(
      select s from pgq.queue_state s
      where s.queue_id = any (i_queues) and (s.moved or s.behind or s.idle_in <= interval '0'));
  end if;
  foreach v_state in array v_states loop
    if v_state.behind then
      perform pgq.report_behind(v_state.queue_name, false);
      continue;
    end if;
    v_consumers := pgq.consumers_behind(v_state);
    if pgq.tick_due(v_state, v_consumers.consumed) <= interval '0' then
      if v_consumers.behind then
        held := true;
        continue;
      end if;
      v_open := coalesce(v_open, pgq.producers_open());
      if pgq.tick_and_tell(v_state, v_open) then
        queues_ticked := queues_ticked + 1;
        if v_state.moved then
          busy_queues := busy_queues || v_state.queue_id;
        end if;
      end if;
    end if;
  end loop;
  took := clock_timestamp() - statement_timestamp();
end;
$$;

-- pgq.tick_and_tell(state, open)
--
--   Internal. Ticks a queue, unless another session does. If it is a tick of the idle period with no event before
--   it, consumers are moved to it; else they are told. That there is none is asked after the tick's snapshot was
--   taken, so by a newer one: what the tick sees it sees too. Ids alone would not do: one may be taken, and
--   committed, between the look at the ids and the snapshot.
--
-- Parameters:
--   i_state  row of pgq.queue_state, read before i_open
--   i_open   pgq.producers_open()
-- Returns:
--   whether it was ticked
-- Tables:
--   reads pgq.event_<id>, pgq.registration; writes pgq.tick, pgq.position; notifies pgq_tick
create or replace function pgq.tick_and_tell(i_state pgq.queue_state, i_open boolean)
returns boolean
language plpgsql
as $$
declare
  v_tick_id bigint := pgq.insert_tick_silently(i_state, i_open, false);
begin
  if v_tick_id is null then
    return false;
  end if;
  if i_state.idle_in > interval '0' or not pgq.pass_idle_tick(i_state, v_tick_id) then
    perform pg_notify('pgq_tick', i_state.queue_name);
  end if;
  return true;
end;
$$;

-- pgq.pass_idle_tick(state, tick)
--
--   Internal. If there is no event between a queue's last tick and one that is being made, moves the consumers that
--   have finished the one to the other: as if each had opened this empty batch and finished it, without waking any of
--   them. It is done in the transaction that makes the tick, so nobody sees the tick before.
--
--   A consumer that moves by itself at this moment has taken the number of the position, or finds it taken and looks
--   again. Those that are not there, because they are reading or have a tick before them, go on by themselves and
--   find the tick. The time of the position stays that of the consumer's last own move.
--
-- Parameters:
--   i_state  row of pgq.queue_state
--   i_tick   the tick that is being made
-- Returns:
--   whether nobody need be told: there is no event, and no consumer that finished a batch since the last tick is left
--   at an earlier one; false, too, when somebody is in the way, for that must not stop other queues
-- Tables:
--   reads pgq.event_<id>, pgq.registration; writes pgq.position
create or replace function pgq.pass_idle_tick(i_state pgq.queue_state, i_tick bigint)
returns boolean
language plpgsql
set lock_timeout = '20ms'
as $$
begin
  if pgq.has_events_after(i_state.queue_id, i_state.tick_snapshot) then
    return false;
  end if;
  insert into pgq.position (sub_id, pos_seq, last_tick, pos_time, pos_role)
  select r.sub_id, p.pos_seq + 1, i_tick, p.pos_time, p.pos_role
  from pgq.registration r
  cross join lateral (
    select l.* from pgq.position l where l.sub_id = r.sub_id order by l.pos_seq desc limit 1) p
  where r.sub_queue = i_state.queue_id
    and not pgq.is_paused(r)
    and p.last_tick = i_state.tick_id
    and p.batch_id is null
  on conflict (sub_id, pos_seq) do nothing;
  return not exists (
    select from pgq.registration r
    cross join lateral (
      select l.* from pgq.position l where l.sub_id = r.sub_id order by l.pos_seq desc limit 1) p
    where r.sub_queue = i_state.queue_id
      and not pgq.is_paused(r)
      and p.last_tick < i_tick
      and p.batch_id is null
      and p.pos_time >= clock_timestamp() - i_state.lag);
exception
  when others then
    return false;
end;
$$;

-- pgq.consumers_behind(state)
--
--   Internal. Whether a tick of a queue should wait for its consumers. Each tick is read by each consumer by itself,
--   and a consumer that cannot keep up gets more to do by each further tick, not less. So
--     - while none has opened the batch of the last tick, there is no other, for a second at most;
--     - while more than an eighth of them are about to open one, there is none either, for at most a millisecond for
--       each of them: so long they need when one after the other is served. Who is quicker is not slowed down.
--   A consumer that is slow by itself is working in an open batch, and is not waited for. One that has died is not
--   waited for after a second, and meanwhile no longer than that.
--
-- Parameters:
--   i_state  row of pgq.queue_state
-- Returns:
--   consumed  whether there are consumers
--   behind    whether to wait; never when ticker_max_count is reached or the idle period is over
-- Tables:
--   reads pgq.registration, pgq.position
create or replace function pgq.consumers_behind(i_state pgq.queue_state, out consumed boolean, out behind boolean)
language plpgsql
as $$
declare
  v_reached bigint;
  v_live bigint;
  v_hungry bigint;
begin
  select
    count(*) > 0,
    max(coalesce(p.next_tick, p.last_tick)),
    count(*) filter (where p.live),
    count(*) filter (where p.live and p.batch_id is null and p.last_tick < i_state.tick_id)
  into consumed, v_reached, v_live, v_hungry
  from pgq.registration r
  left join lateral (
    select l.last_tick, l.batch_id, l.next_tick, l.pos_time > clock_timestamp() - interval '1 second' as live
    from pgq.position l
    where l.sub_id = r.sub_id
    order by l.pos_seq desc
    limit 1) p on true
  where r.sub_queue = i_state.queue_id and r.sub_main is null;

  behind := i_state.moved
    and i_state.idle_in > interval '0'
    and i_state.new_ids < i_state.queue_ticker_max_count
    and (v_reached < i_state.tick_id and i_state.lag < interval '1 second'
      or v_hungry > v_live / 8 and i_state.lag < v_live * interval '1 millisecond');
end;
$$;
