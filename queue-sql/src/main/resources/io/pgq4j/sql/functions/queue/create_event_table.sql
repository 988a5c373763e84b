-- pgq.create_event_table(prefix, queue_id, slot)
--
--   Internal. Creates one event table of a queue. Its defaults let COPY and INSERT write to it directly; such
--   statements name pgq.current_event_table(queue) and wake the ticker by a trigger.
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
    'create table %1$s_%2$s partition of %1$s (
       ev_id default nextval(%3$L),
       ev_time default now(),
       ev_txid default txid_current(),
       ev_queue default %4$s,
       ev_slot default %2$s
     ) for values in (%2$s)
     with (autovacuum_enabled = off, toast.autovacuum_enabled = off)',
    i_prefix, i_slot, i_prefix || '_id_seq', i_queue_id);
  execute format('create index on %s_%s (ev_txid)', i_prefix, i_slot);
  execute format(
    'create trigger wake after insert on %s_%s for each statement execute function pgq.wake_after_copy()',
    i_prefix, i_slot);
end;
$$;
