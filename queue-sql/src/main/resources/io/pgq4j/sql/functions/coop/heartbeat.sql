-- pgq_coop.heartbeat(batch_id)
--
--   Tells that the holder of a batch is at work, so that nobody takes it over: its time of silence starts anew.
--   Commit it, or nobody will know.
--
-- Parameters:
--   i_batch_id  the batch
-- Returns:
--   1; 0 with a warning when the batch is not open: finished, or taken over. Then leave it alone
-- Errors:
--   42501  another role opened it, or the caller's right on this queue was taken away
--   40001  the snapshot is older than a compaction, or another session was faster (not READ COMMITTED)
-- Tables:
--   reads pgq.registration, pgq.queue; writes pgq.position
create or replace function pgq_coop.heartbeat(i_batch_id bigint)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  loop
    insert into pgq.position (sub_id, pos_seq, last_tick, batch_id, next_tick, pos_role)
    select p.sub_id, p.pos_seq + 1, p.last_tick, p.batch_id, p.next_tick, p.pos_role
    from (
      select p.*, r.sub_main, r.sub_queue
      from pgq.position p
      join pgq.registration r on r.sub_id = p.sub_id
      where p.batch_id = i_batch_id and pgq.may_hold(p.pos_role)
      order by p.pos_seq desc
      limit 1) p
    where case
      when (select q.queue_guarded from pgq.queue q where q.queue_id = p.sub_queue)
        then pgq.check_consumer(p.sub_queue)
      else true
    end
    on conflict (sub_id, pos_seq) do nothing;
    if found then
      return 1;
    end if;
    exit when (pgq.batch(i_batch_id)).sub_id is null;
  end loop;
  raise warning 'heartbeat: batch % not found', i_batch_id
    using errcode = 'PQ003', hint = 'It was finished, or another member took it over.';
  return 0;
end;
$$;
