-- pgq.batch_event_tables(batch_id)
--
--   The tables in which events of a batch may be: all slots of its queue. An event is where its producer's snapshot
--   saw the current slot, which may be a past one.
--
-- Parameters:
--   i_batch_id  an open batch
-- Returns:
--   qualified names
-- Errors:
--   PQ003  the batch is not open
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.position, pgq.registration, pgq.queue
create or replace function pgq.batch_event_tables(i_batch_id bigint)
returns setof text
language plpgsql
as $$
declare
  v_batch record := pgq.batch(i_batch_id);
begin
  if v_batch.sub_id is null then
    raise exception 'Cannot find data for batch %', i_batch_id
      using errcode = 'PQ003', hint = 'It was finished, taken over, or never opened; get one from pgq.next_batch.';
  end if;
  return query
  select s.table_name
  from pgq.queue q
  cross join lateral pgq.slots(q) s
  where q.queue_id = v_batch.queue_id
  order by s.slot;
end;
$$;
