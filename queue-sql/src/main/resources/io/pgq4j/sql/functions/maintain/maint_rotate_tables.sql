-- pgq.maint_rotate_tables_step1(queue)
-- pgq.maint_rotate_tables_step2()
--
--   Rotation: empties the next slot of a queue and makes it the current one. One transaction, one step;
--   the second step stays for old tools and does nothing.
--
--   The slot is emptied if everything in it is finished by the slowest consumer; without consumers, if the
--   last tick of the queue has seen it. When anything is in the way, this round is passed over. Registration
--   and seek lock the same queue row, so nobody is put before the slowest consumer meanwhile.
--
--   Slots that were taken out of use by set_queue_config(queue, 'ntables', n) are emptied as well, once all they
--   hold is older than what the other slots keep.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   1 when it was rotated, else 0
-- Errors:
--   PQ007  the transaction is not READ COMMITTED: its snapshot would miss rows
-- Tables:
--   reads pgq.registration, pgq.position, pgq.tick; writes pgq.queue; truncates pgq.event_<id>_<slot>
create or replace function pgq.maint_rotate_tables_step1(i_queue_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue;
  v_next integer;
  v_oldest bigint;
begin
  perform pgq.check_isolation('maint_rotate_tables_step1');
  select q.* into v_queue
  from pgq.queue q
  where q.queue_name = i_queue_name
    and pgq.rotation_due(q)
  for no key update skip locked;
  -- To the ticks of another server, new events may look as if they had been read.
  if not found or v_queue.queue_id = any (pgq.queues_behind()) then
    return 0;
  end if;

  v_next := pgq.next_slot(v_queue);
  v_oldest := pgq.empty_slot(v_queue, v_next, pgq.watermark(v_queue.queue_id));
  if v_oldest is null then
    return 0;
  end if;
  perform pgq.empty_slot(v_queue, s.slot, v_oldest) from pgq.slots(v_queue) s where s.slot >= v_queue.queue_ntables;

  update pgq.queue q
  set queue_cur_table = v_next,
      queue_oldest_tick = v_oldest,
      queue_switch_time = clock_timestamp(),
      queue_switch_step1 = txid_current(),
      queue_switch_step2 = txid_current()
  where q.queue_id = v_queue.queue_id;
  return 1;
end;
$$;

create or replace function pgq.maint_rotate_tables_step2()
returns integer
language sql
as $$
  select 0;
$$;

-- pgq.rotation_due(queue)
--
--   Internal. Whether a queue's rotation period is over and its current slot holds anything: what is empty need not
--   be emptied.
--
-- Parameters:
--   i_queue  row of pgq.queue
-- Returns:
--   true or false
-- Tables:
--   none
create or replace function pgq.rotation_due(i_queue pgq.queue)
returns boolean
language sql
as $$
  select i_queue.queue_switch_time + i_queue.queue_rotation_period <= clock_timestamp()
    and pg_relation_size(format('%s_%s', i_queue.queue_data_pfx, i_queue.queue_cur_table)::regclass) > 0;
$$;

-- pgq.watermark(queue_id)
--
--   Internal. The tick from which a queue's events are still needed: the start of the oldest open batch, or the last
--   finished tick of the slowest consumer; of a queue without consumers its last tick. All positions are read
--   in one snapshot: a window that is handed out, or taken over, meanwhile would be seen with nobody.
--
-- Parameters:
--   i_queue_id  the queue
-- Returns:
--   id of the tick
-- Errors:
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.registration, pgq.position, pgq.tick
create or replace function pgq.watermark(i_queue_id integer)
returns bigint
language sql
as $$
  select coalesce(
    (select min(p.last_tick)
     from pgq.registration r
     left join lateral (
       select l.sub_id, l.last_tick from pgq.position l where l.sub_id = r.sub_id order by l.pos_seq desc limit 1) p
       on true
     where r.sub_queue = i_queue_id
       and (p.sub_id is not null or pgq.refuse_stale_snapshot('subscription ' || r.sub_id) = 0)),
    (select max(t.tick_id) from pgq.tick t where t.tick_queue = i_queue_id));
$$;

-- pgq.empty_slot(queue, slot, tick)
--
--   Internal. Empties a slot of a queue if a tick has seen everything in it.
--
--   The slot is locked first, against every writer and reader of it, and without waiting: who waits for
--   such a lock makes all producers queue behind it. Then, in a new snapshot, its rows are looked at. A
--   producer whose snapshot is older than earlier rotations may have written to this slot a moment ago;
--   that is what the look is for. Later ticks see what earlier ones saw, so the first tick that has seen all
--   is the oldest one from which on everything is kept.
--
-- Parameters:
--   i_queue  row of pgq.queue, locked
--   i_slot   number of the slot
--   i_tick   a tick before which nobody needs the events
-- Returns:
--   the first tick, from queue_oldest_tick to i_tick, that has seen all the slot held; null: it was not emptied
-- Tables:
--   reads pgq.tick; truncates pgq.event_<id>_<slot>
create or replace function pgq.empty_slot(i_queue pgq.queue, i_slot integer, i_tick bigint)
returns bigint
language plpgsql
as $$
declare
  v_table constant text := format('%s_%s', i_queue.queue_data_pfx, i_slot);
  v_oldest bigint;
begin
  begin
    execute format('lock table only %s in access exclusive mode nowait', v_table);
  exception
    when lock_not_available then
      return null;
  end;

  v_oldest := pgq.tick_past_slot(i_queue, i_slot, i_queue.queue_oldest_tick, i_tick);
  if v_oldest is not null then
    execute format('truncate only %s', v_table);
  end if;
  return v_oldest;
end;
$$;

-- pgq.tick_past_slot(queue, slot, from, to)
--
--   Internal. The first of some ticks that has seen everything in a slot.
--
-- Parameters:
--   i_queue  row of pgq.queue
--   i_slot   number of the slot
--   i_from   the first tick to look at
--   i_to     the last one
-- Returns:
--   id of the tick; null: none of them has
-- Tables:
--   reads pgq.tick, pgq.event_<id>_<slot>
create or replace function pgq.tick_past_slot(i_queue pgq.queue, i_slot integer, i_from bigint, i_to bigint)
returns bigint
language plpgsql
-- Without statistics the planner would read all of the slot, under its lock, instead of the index.
set enable_seqscan = off
as $$
declare
  v_tick bigint;
begin
  execute format(
    'select t.tick_id
     from pgq.tick t
     where t.tick_queue = $1 and t.tick_id between $2 and $3
       and txid_snapshot_xmax(t.tick_snapshot) > (select coalesce(max(ev_txid), 0) from only %1$s)
       and not exists (
         select from txid_snapshot_xip(t.tick_snapshot) x (txid)
         where exists (select from only %1$s e where e.ev_txid = x.txid))
     order by t.tick_id
     limit 1',
    format('%s_%s', i_queue.queue_data_pfx, i_slot))
  into v_tick
  using i_queue.queue_id, i_from, i_to;
  return v_tick;
end;
$$;

-- pgq.next_slot(queue)
--
--   Internal. The slot that comes after the current one.
--
-- Parameters:
--   i_queue  row of pgq.queue
-- Returns:
--   number of the slot
-- Tables:
--   none
create or replace function pgq.next_slot(i_queue pgq.queue)
returns integer
language sql
as $$
  select case when i_queue.queue_cur_table + 1 < i_queue.queue_ntables then i_queue.queue_cur_table + 1 else 0 end;
$$;
