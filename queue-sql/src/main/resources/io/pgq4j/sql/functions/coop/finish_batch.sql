-- pgq_coop.finish_batch(batch_id)
--
--   Closes a batch of a member; the same as pgq.finish_batch.
--
-- Parameters:
--   i_batch_id  the batch
-- Returns:
--   1; 0 with a warning when it is not the current batch of its member: finished already, or taken over
-- Errors:
--   42501  another role opened it
--   40001  the snapshot is older than a compaction, or another session was faster (not READ COMMITTED)
-- Tables:
--   writes pgq.position; reads pgq.registration
create or replace function pgq_coop.finish_batch(i_batch_id bigint)
returns integer
language plpgsql
as $$
begin
  return pgq.finish_batch(i_batch_id);
end;
$$;
