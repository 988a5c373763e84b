-- pgq.get_queue_metrics()
--
--   What of all queues is worth a graph and an alert. Cheap enough to be asked every few seconds: it looks
--   at settings, last ticks and sequences, and into event tables only of queues whose rotation is overdue. It
--   waits for no lock that a transaction may hold for long.
--
--   Ids count as events here although their transactions may have rolled back: the next tick settles that, at
--   the latest the one of the idle period.
--
-- Parameters:
--   none
-- Returns:
--   queue_name
--   stopped_by        why it is not ticked: paused, external, or behind (see pgq.rebase); null: it is
--   lag               age of the last tick while events wait for the next one, else 0
--   pending_events    event ids given out after the last tick
--   delayed_events    events whose time has not come (pgq.insert_event_at), counted up to 10,000
--   rotation_age      how long the current event table has been in use
--   rotation_overdue  how long ago it was to be rotated; null: it is not due, or empty
--   blocked_by        why it was not: consumer      the slowest one has not finished what the next table holds
--                                     transaction   one that wrote to the next table is open, or prepared
--                                     lock          somebody else reads or locks the next table: a dump, say
--                                     ticker        nothing: it is the ticker that has to do it
--                                     unknown       not looked into: that is done for the hundred longest overdue
--                     null: rotation is not overdue
-- Tables:
--   reads pgq.queue, pgq.tick, pgq.registration, pgq.position, pgq.retry_queue, pgq.event_<id>_<slot>, pg_locks
create or replace function pgq.get_queue_metrics(
  out queue_name text, out stopped_by text, out lag interval, out pending_events bigint, out delayed_events bigint,
  out rotation_age interval, out rotation_overdue interval, out blocked_by text)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_behind constant integer[] := pgq.queues_behind();
  v_locked constant oid[] := array(
    select l.relation
    from pg_catalog.pg_locks l
    where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock'
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database()));
begin
  return query
  with overdue as (
    select o.*, row_number() over (order by o.since) as place
    from (
      select q.queue_id, q.queue_switch_time + q.queue_rotation_period as since, pgq.slots_locked(q, v_locked) as locked
      from pgq.queue q
      where q.queue_switch_time + q.queue_rotation_period <= clock_timestamp()
      offset 0) o
    join pgq.queue q using (queue_id)
    where case when o.locked then true else pgq.rotation_due(q) end
  )
  select
    q.queue_name,
    case
      when q.queue_ticker_paused then 'paused'
      when q.queue_external_ticker then 'external'
      when q.queue_id = any (v_behind) then 'behind'
    end,
    case when e.seq > t.tick_event_seq or t.tick_open then clock_timestamp() - t.tick_time else interval '0' end,
    e.seq - t.tick_event_seq,
    (select count(*) from (
      select from pgq.retry_queue r where r.ev_queue = q.queue_id and r.ev_owner = 0 limit 10000) r),
    clock_timestamp() - q.queue_switch_time,
    clock_timestamp() - o.since,
    case
      when o.locked then 'lock'
      when o.place <= 100 then pgq.rotation_blocker(q)
      when o.place > 100 then 'unknown'
    end
  from pgq.queue q
  cross join lateral (
    select coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0) as seq offset 0) e
  cross join lateral (
    select k.* from pgq.tick k where k.tick_queue = q.queue_id order by k.tick_id desc limit 1) t
  left join overdue o using (queue_id)
  order by q.queue_name;
end;
$$;

-- pgq.slots_locked(queue, locked)
--
--   Internal. Whether one of the tables that rotation has to do with, the current and the next one, cannot be read
--   without waiting.
--
-- Parameters:
--   i_queue   row of pgq.queue
--   i_locked  the tables that somebody locks, or wants to lock, against all others
-- Returns:
--   true or false
-- Tables:
--   none
create or replace function pgq.slots_locked(i_queue pgq.queue, i_locked oid[])
returns boolean
language sql
as $$
  select exists (
    select from unnest(array[i_queue.queue_cur_table, pgq.next_slot(i_queue)]) s (slot)
    where format('%s_%s', i_queue.queue_data_pfx, s.slot)::regclass = any (i_locked));
$$;

-- pgq.rotation_blocker(queue)
--
--   Internal. Why a queue was not rotated although it is overdue.
--
-- Parameters:
--   i_queue  row of pgq.queue
-- Returns:
--   consumer, transaction, lock or ticker: see pgq.get_queue_metrics
-- Tables:
--   reads pgq.tick, pgq.registration, pgq.position, pgq.event_<id>_<slot>, pg_locks
create or replace function pgq.rotation_blocker(i_queue pgq.queue)
returns text
language plpgsql
as $$
declare
  v_next constant integer := pgq.next_slot(i_queue);
  v_last bigint;
  v_modes text[];
begin
  select max(t.tick_id) into v_last from pgq.tick t where t.tick_queue = i_queue.queue_id;
  if pgq.tick_past_slot(i_queue, v_next, i_queue.queue_oldest_tick, pgq.watermark(i_queue.queue_id)) is null
    and pgq.tick_past_slot(i_queue, v_next, v_last, v_last) is not null
  then
    return 'consumer';
  end if;
  v_modes := array(
    select l.mode
    from pg_catalog.pg_locks l
    where l.locktype = 'relation'
      and l.relation = format('%s_%s', i_queue.queue_data_pfx, v_next)::regclass
      and l.pid is distinct from pg_backend_pid()
      and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database()));
  return case
    when 'RowExclusiveLock' = any (v_modes) then 'transaction'
    when v_modes <> '{}' then 'lock'
    else 'ticker'
  end;
end;
$$;
