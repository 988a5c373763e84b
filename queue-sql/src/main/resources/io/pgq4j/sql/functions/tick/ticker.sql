-- pgq.ticker()
-- pgq.ticker(queue)
-- pgq.ticker(queue, tick_id, orig_timestamp, event_seq)
--
--   Makes ticks: of all queues that are due, of one queue if it is due, or one given by an external source.
--
--   The order of looks is what makes late commits seen: first the ids (pgq.queue_state), then the locks
--   (pgq.producers_open), then the snapshot. A producer takes its lock, then its id. So if its id was
--   counted and its lock is gone, it has ended and the snapshot knows how; and if its lock is there, the
--   tick is marked open, and the queue is looked into again until a tick is made with nobody in flight.
--
-- Parameters:
--   i_queue_name      the queue
--   i_tick_id         id of the tick, above those that exist
--   i_orig_timestamp  when it was made at its source
--   i_event_seq       the last event id at its source
-- Returns:
--   number of queues ticked; or id of the tick, null when it was not due; or id of the tick
-- Errors:
--   PQ001  no such queue
--   PQ004  its ticker is paused, or its ticks come from outside, or (four arguments) do not
--   PQ006  the last tick is ahead of this server's transactions; for all queues: passed over with a warning
--   PQ007  the transaction is not READ COMMITTED: its snapshot may be old
-- Tables:
--   reads pgq.queue, pgq.event_<id>; writes pgq.tick; notifies pgq_tick
create or replace function pgq.ticker()
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_states pgq.queue_state[];
  v_state pgq.queue_state;
  v_open boolean;
  v_count bigint := 0;
begin
  perform pgq.check_isolation('ticker');
  v_states := array(select s from pgq.queue_state s where s.moved or s.behind or s.idle_in <= interval '0');
  foreach v_state in array v_states loop
    if v_state.behind then
      perform pgq.report_behind(v_state.queue_name, false);
    elsif pgq.tick_due(v_state) <= interval '0' then
      v_open := coalesce(v_open, pgq.producers_open());
      if pgq.insert_tick(v_state, v_open, false) is not null then
        v_count := v_count + 1;
      end if;
    end if;
  end loop;
  return v_count;
end;
$$;

create or replace function pgq.ticker(i_queue_name text)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name, 'no such queue');
  v_state pgq.queue_state;
  v_open boolean;
begin
  perform pgq.check_isolation('ticker');
  if v_queue.queue_external_ticker then
    raise exception 'This queue has external tick source.'
      using errcode = 'PQ004', detail = format('Queue: %L.', i_queue_name),
            hint = 'Tick it with pgq.ticker(queue, tick_id, timestamp, event_seq).';
  elsif v_queue.queue_ticker_paused then
    raise exception 'Ticker has been paused for this queue'
      using errcode = 'PQ004', detail = format('Queue: %L.', i_queue_name),
            hint = 'Resume with pgq.resume_queue(queue).';
  end if;

  select s.* into v_state from pgq.queue_state s where s.queue_id = v_queue.queue_id;
  if v_state.behind then
    perform pgq.report_behind(i_queue_name, true);
  end if;
  v_open := pgq.producers_open();
  if pgq.tick_due(v_state) <= interval '0' then
    return pgq.insert_tick(v_state, v_open, true);
  end if;
  return null;
end;
$$;

create or replace function pgq.ticker(
  i_queue_name text, i_tick_id bigint, i_orig_timestamp timestamptz, i_event_seq bigint)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue;
  v_last record;
begin
  perform pgq.check_isolation('ticker');
  select q.* into v_queue
  from pgq.queue q
  where q.queue_name = i_queue_name and q.queue_external_ticker and not q.queue_ticker_paused;
  if not found then
    perform pgq.find_queue(i_queue_name, 'queue not found or ticker disabled: ' || coalesce(i_queue_name, '<NULL>'));
    raise exception 'queue not found or ticker disabled: %', i_queue_name
      using errcode = 'PQ004',
            hint = 'Set external_ticker to true and ticker_paused to false with pgq.set_queue_config.';
  end if;

  perform pg_advisory_xact_lock(pgq.tick_lock(), v_queue.queue_id);
  select t.tick_id, t.tick_snapshot, pgq.tick_snapshot() as now into v_last
  from pgq.tick t
  where t.tick_queue = v_queue.queue_id
  order by t.tick_id desc
  limit 1;
  if pgq.is_restored() or not pgq.snapshot_follows(v_last.tick_snapshot, v_last.now) then
    perform pgq.report_behind(i_queue_name, true);
  end if;
  if i_tick_id <= v_last.tick_id then
    raise exception 'tick % of queue % is not above its last tick %', i_tick_id, i_queue_name, v_last.tick_id
      using errcode = 'PQ008', hint = 'Give ticks in growing order.';
  end if;

  perform set_config('synchronous_commit', 'on', true);
  insert into pgq.tick (tick_queue, tick_id, tick_time, tick_snapshot, tick_event_seq)
  values (v_queue.queue_id, i_tick_id, i_orig_timestamp, v_last.now, i_event_seq);
  perform setval(v_queue.queue_tick_seq::regclass, i_tick_id);
  perform setval(v_queue.queue_event_seq::regclass, greatest(i_event_seq, 1));
  perform pg_notify('pgq_tick', i_queue_name);
  return i_tick_id;
end;
$$;

-- pgq.check_isolation(what)
--
--   Internal. Fails unless each statement gets a snapshot of its own.
--
-- Parameters:
--   i_what  what is to be done, for the message
-- Returns:
--   nothing
-- Errors:
--   PQ007  the transaction is not READ COMMITTED
-- Tables:
--   none
create or replace function pgq.check_isolation(i_what text)
returns void
language plpgsql
as $$
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception '%: the transaction is %, it has to be read committed', i_what,
      current_setting('transaction_isolation')
      using errcode = 'PQ007', hint = 'Begin it with: begin isolation level read committed.';
  end if;
end;
$$;
