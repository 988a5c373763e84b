-- pgq.create_event_table(prefix, queue_id, slot)
--
--   Internal. Creates one event table of a queue aside and attaches it, beside open producers. Its defaults let
--   COPY and INSERT write to it directly; such statements name pgq.current_event_table(queue) and wake the ticker
--   by a trigger.
--
--   Autovacuum is off: rows are never updated or deleted, and TRUNCATE takes them all.
--
-- Parameters:
--   i_prefix    qualified name of the queue's partitioned table
--   i_queue_id  the queue
--   i_slot      number of the table, from 0
-- Returns:
--   nothing
-- Tables:
--   creates pgq.event_<id>_<slot>
create or replace function pgq.create_event_table(i_prefix text, i_queue_id integer, i_slot integer)
returns void
language plpgsql
as $$
begin
  execute format(
    'create table %1$s_%2$s (like %1$s) with (autovacuum_enabled = off, toast.autovacuum_enabled = off)',
    i_prefix, i_slot);
  execute format(
    'alter table %1$s_%2$s
       alter ev_id set default nextval(%3$L),
       alter ev_time set default now(),
       alter ev_txid set default txid_current(),
       alter ev_queue set default %4$s,
       alter ev_slot set default %2$s',
    i_prefix, i_slot, i_prefix || '_id_seq', i_queue_id);
  execute format('create index on %s_%s (ev_txid)', i_prefix, i_slot);
  execute format(
    'create trigger wake after insert on %s_%s for each statement execute function pgq.wake_after_copy()',
    i_prefix, i_slot);
  execute format('alter table %1$s attach partition %1$s_%2$s for values in (%2$s)', i_prefix, i_slot);
end;
$$;

-- pgq.add_event_tables(queue, count)
--
--   Internal. Creates the event tables that a queue needs to have so many. Those that it has keep their events, and
--   none is taken away: a producer with an old snapshot may still write to it.
--
--   It waits two seconds for the producers of this queue. One that has written to it before would not know of a
--   table that becomes current later, and fail.
--
-- Parameters:
--   i_queue_name  the queue
--   i_count       how many tables it shall have
-- Returns:
--   nothing
-- Errors:
--   PQ001  no such queue
--   55P03  a producer of this queue did not end its transaction within two seconds
-- Tables:
--   locks the row of pgq.queue, pgq.event_<id>; creates pgq.event_<id>_<slot>
create or replace function pgq.add_event_tables(i_queue_name text, i_count integer)
returns void
language plpgsql
set lock_timeout = '2s'
as $$
declare
  v_queue pgq.queue := pgq.lock_queue(i_queue_name);
  v_missing integer[] := array(
    select i from generate_series(0, i_count - 1) i
    except
    select s.slot from pgq.slots(v_queue) s);
begin
  if v_missing = '{}' then
    return;
  end if;
  execute format('lock table only %s in share row exclusive mode', v_queue.queue_data_pfx);
  perform pgq.create_event_table(v_queue.queue_data_pfx, v_queue.queue_id, slot) from unnest(v_missing) slot;
  perform pgq.grant_perms(i_queue_name);
end;
$$;

-- pgq.slots(queue)
--
--   Internal. The slots of a queue: those it rotates in, and those it rotated in before.
--
-- Parameters:
--   i_queue  row of pgq.queue
-- Returns:
--   numbers of the slots, table_name of each
-- Tables:
--   none
create or replace function pgq.slots(i_queue pgq.queue, out slot integer, out table_name text)
returns setof record
language sql
as $$
  select substring(c.relname from '[0-9]+$')::integer, format('%I.%I', c.relnamespace::regnamespace, c.relname)
  from pg_inherits i
  join pg_class c on c.oid = i.inhrelid
  where i.inhparent = i_queue.queue_data_pfx::regclass
  order by 1;
$$;
