-- pgq.dead_purge(queue, consumer, older_than)
--
--   Deletes dead letters for good.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer; it need not be registered any more
--   i_older_than     those that were given up longer ago than this; 0: all
-- Returns:
--   number of events deleted, up to 10,000: call again while it is so many
-- Errors:
--   PQ001  no such queue
--   PQ002  no such consumer
--   PQ008  no age given
-- Tables:
--   reads pgq.queue, pgq.consumer; writes pgq.dead_letter
create or replace function pgq.dead_purge(i_queue_name text, i_consumer_name text, i_older_than interval)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_whose record := pgq.find_dead_letters(i_queue_name, i_consumer_name);
  v_count integer;
begin
  if i_older_than is null then
    raise exception 'dead_purge: no age given'
      using errcode = 'PQ008', hint = 'Give an interval, such as ''30 days''; 0 deletes all.';
  end if;
  delete from pgq.dead_letter d
  where d.dl_id = any (array(
    select l.dl_id
    from pgq.dead_letter l
    where l.dl_queue = v_whose.queue_id
      and l.dl_consumer = v_whose.consumer_id
      and l.dl_time < clock_timestamp() - i_older_than
    order by l.ev_id
    limit 10000
    for update));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;
