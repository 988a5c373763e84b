-- pgq.insert_tick(state, open, wait)
-- pgq.insert_tick_silently(state, open, wait)
--
--   Internal. Ticks a queue. Ticks of one queue are serialised: first the lock, then, in a later statement, the
--   snapshot; so no tick can be older than the one before it.
--
--   The tick commits durably whatever the session says. Its commit record comes after those of all
--   transactions in its snapshot, so a batch that can be seen will survive a crash, even if its producers
--   committed asynchronously.
--
-- Parameters:
--   i_state  row of pgq.queue_state, read before i_open
--   i_open   pgq.producers_open()
--   i_wait   wait while another session ticks this queue, and fail when it is behind; else pass
-- Returns:
--   id of the tick; null when another session ticked the queue meanwhile
-- Errors:
--   PQ006  the last tick has seen transactions that this server has not; a warning when not i_wait
-- Tables:
--   reads and writes pgq.tick; the first form notifies pgq_tick
create or replace function pgq.insert_tick_silently(i_state pgq.queue_state, i_open boolean, i_wait boolean)
returns bigint
language plpgsql
as $$
declare
  v_last bigint;
  v_snapshot txid_snapshot;
  v_restored boolean;
begin
  if i_wait then
    perform pg_advisory_xact_lock(pgq.tick_lock(), i_state.queue_id);
  elsif not pg_try_advisory_xact_lock(pgq.tick_lock(), i_state.queue_id) then
    return null;
  end if;

  select t.tick_id, pgq.tick_snapshot(), pgq.is_restored() into v_last, v_snapshot, v_restored
  from pgq.tick t
  where t.tick_queue = i_state.queue_id
  order by t.tick_id desc
  limit 1;
  if v_last is distinct from i_state.tick_id then
    return null;
  end if;
  if v_restored or not pgq.snapshot_follows(i_state.tick_snapshot, v_snapshot) then
    perform pgq.report_behind(i_state.queue_name, i_wait);
    return null;
  end if;
  return pgq.append_tick(i_state.queue_id, v_snapshot, i_state.event_seq, i_open);
end;
$$;

create or replace function pgq.insert_tick(i_state pgq.queue_state, i_open boolean, i_wait boolean)
returns bigint
language plpgsql
as $$
declare
  v_tick_id bigint := pgq.insert_tick_silently(i_state, i_open, i_wait);
begin
  if v_tick_id is not null then
    perform pg_notify('pgq_tick', i_state.queue_name);
  end if;
  return v_tick_id;
end;
$$;

-- pgq.append_tick(queue_id, snapshot, event_seq, open)
--
--   Internal. Writes a tick, under the queue's tick lock. It commits durably, see pgq.insert_tick.
--
-- Parameters:
--   i_queue_id   the queue
--   i_snapshot   the snapshot, read under the lock
--   i_event_seq  the last event id, read before the snapshot
--   i_open       pgq.producers_open(), read between them
-- Returns:
--   id of the tick
-- Tables:
--   writes pgq.tick
create or replace function pgq.append_tick(
  i_queue_id integer, i_snapshot txid_snapshot, i_event_seq bigint, i_open boolean)
returns bigint
language plpgsql
as $$
declare
  v_tick_id bigint;
begin
  perform set_config('synchronous_commit', 'on', true);
  insert into pgq.tick (tick_queue, tick_id, tick_snapshot, tick_event_seq, tick_open)
  values (
    i_queue_id, nextval(format('pgq.event_%s_tick_seq', i_queue_id)::regclass), i_snapshot, i_event_seq, i_open)
  returning tick_id into v_tick_id;
  return v_tick_id;
end;
$$;

-- pgq.tick_lock()
--
--   Internal. First key of the advisory locks under which queues are ticked; the second is the queue's id.
--
-- Parameters:
--   none
-- Returns:
--   the key
-- Tables:
--   none
create or replace function pgq.tick_lock()
returns integer
language sql
immutable
as $$
  select 1885827380;
$$;

-- pgq.snapshot_follows(old, new)
--
--   Internal. Whether all that a snapshot sees is seen by another one too.
--
-- Parameters:
--   i_old, i_new  the snapshots
-- Returns:
--   true or false
-- Tables:
--   none
create or replace function pgq.snapshot_follows(i_old txid_snapshot, i_new txid_snapshot)
returns boolean
language plpgsql
immutable
as $$
begin
  return txid_snapshot_xmax(i_new) >= txid_snapshot_xmax(i_old)
    and not exists (
      select from txid_snapshot_xip(i_new) x (txid) where txid_visible_in_snapshot(x.txid, i_old));
end;
$$;

-- pgq.report_behind(queue, fail)
--
--   Internal. Says that a queue cannot be ticked because its ticks are not of this server.
--
-- Parameters:
--   i_queue_name  the queue
--   i_fail        fail, or only warn
-- Returns:
--   nothing
-- Errors:
--   PQ006  if i_fail
-- Tables:
--   none
create or replace function pgq.report_behind(i_queue_name text, i_fail boolean)
returns void
language plpgsql
as $$
declare
  v_text constant text := format(
    'cannot tick queue %s: its ticks are not of this server', i_queue_name);
  v_detail constant text := 'The database was restored, or failed over to another server.';
  v_hint constant text := 'Anchor the queues anew: select * from pgq.rebase();';
begin
  if i_fail then
    raise exception '%', v_text using errcode = 'PQ006', detail = v_detail, hint = v_hint;
  end if;
  raise warning '%', v_text using errcode = 'PQ006', detail = v_detail, hint = v_hint;
end;
$$;
