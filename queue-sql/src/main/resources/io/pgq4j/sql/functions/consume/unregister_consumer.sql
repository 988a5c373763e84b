-- pgq.unregister_consumer(queue, consumer)
--
--   Forgets a consumer: its position and its retries. Its dead letters stay. An open batch cannot be
--   finished any more.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
-- Returns:
--   1; 0 when it was not registered
-- Tables:
--   writes pgq.registration, pgq.position, pgq.retry_queue
create or replace function pgq.unregister_consumer(i_queue_name text, i_consumer_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub integer;
begin
  delete from pgq.registration r
  using pgq.queue q, pgq.consumer c
  where q.queue_name = i_queue_name
    and c.co_name = i_consumer_name
    and r.sub_queue = q.queue_id
    and r.sub_consumer = c.co_id
  returning r.sub_id into v_sub;
  if not found then
    return 0;
  end if;
  delete from pgq.position p where p.sub_id = v_sub;
  delete from pgq.retry_queue r where r.ev_owner = v_sub;
  return 1;
end;
$$;
