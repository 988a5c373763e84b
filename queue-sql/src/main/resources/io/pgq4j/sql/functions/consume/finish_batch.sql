-- pgq.finish_batch(batch_id)
--
--   Closes a batch: the consumer is done with it and goes on at the next tick; a member has nothing then. The
--   number of the position that is appended shows whether the batch is still the current one. Only a heartbeat
--   may have taken that number although it is.
--
-- Parameters:
--   i_batch_id  the batch
-- Returns:
--   1; 0 with a warning when it is not the current batch of its consumer: finished already, or taken over
-- Errors:
--   42501  another role opened it, or the caller's right on this queue was taken away
--   40001  the snapshot is older than a compaction, or another session was faster (not READ COMMITTED)
-- Tables:
--   writes pgq.position; reads pgq.registration, pgq.queue
create or replace function pgq.finish_batch(i_batch_id bigint)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  loop
    insert into pgq.position (sub_id, pos_seq, last_tick)
    select p.sub_id, p.pos_seq + 1, case when p.sub_main is null then p.next_tick end
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
  raise warning 'finish_batch: batch % not found', i_batch_id
    using errcode = 'PQ003', hint = 'It was finished already, or another session took it over.';
  return 0;
end;
$$;
