-- pgq.finish_batch(batch_id)
--
--   Closes a batch: the consumer is done with it and goes on at the next tick. The number of the position
--   that is appended shows whether the batch is still the current one.
--
-- Parameters:
--   i_batch_id  the batch
-- Returns:
--   1; 0 with a warning when it is not the current batch of its consumer: finished already, or taken over
-- Errors:
--   40001  the snapshot is older than a compaction, or another session was faster (not READ COMMITTED)
-- Tables:
--   writes pgq.position; reads pgq.registration
create or replace function pgq.finish_batch(i_batch_id bigint)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into pgq.position (sub_id, pos_seq, last_tick)
  select p.sub_id, p.pos_seq + 1, p.next_tick
  from pgq.position p
  where p.batch_id = i_batch_id
  on conflict (sub_id, pos_seq) do nothing;
  if not found then
    perform pgq.refuse_stale_positions('batch ' || i_batch_id);
    raise warning 'finish_batch: batch % not found', i_batch_id
      using errcode = 'PQ003', hint = 'It was finished already, or another session took it over.';
    return 0;
  end if;
  return 1;
end;
$$;
