-- pgq.batch(batch_id)
--
--   Internal. The open batch of that id, with what is needed to read it.
--
-- Parameters:
--   i_batch_id  the batch
-- Returns:
--   sub_id     the consumer whose events these are; of a member's batch, the main consumer
--   queue_id, prev_tick, next_tick
--   holder_id  the consumer or member that holds it
--   all null when it is not open: finished, taken over, or never there
-- Errors:
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.position, pgq.registration
create or replace function pgq.batch(
  i_batch_id bigint, out sub_id integer, out queue_id integer, out prev_tick bigint, out next_tick bigint,
  out holder_id integer)
language plpgsql
as $$
begin
  select coalesce(r.sub_main, r.sub_id), r.sub_queue, p.last_tick, p.next_tick, r.sub_id
  into sub_id, queue_id, prev_tick, next_tick, holder_id
  from pgq.position p
  join pgq.registration r on r.sub_id = p.sub_id
  where p.batch_id = i_batch_id
    and not exists (select from pgq.position l where l.sub_id = p.sub_id and l.pos_seq > p.pos_seq);
  if not found then
    perform pgq.refuse_stale_positions('batch ' || i_batch_id);
  end if;
end;
$$;
