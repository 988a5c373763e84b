-- pgq.unregister_consumer(queue, consumer)
--
--   Forgets a consumer: its position, its retries, and its members. Its dead letters stay. An open batch cannot
--   be finished any more. A member can be unregistered alone, by its name consumer.subconsumer; then the events of
--   its open batch are retried by the others.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
-- Returns:
--   number of consumers and members that were unregistered; 0 when it was not registered
-- Errors:
--   42501  no right on this queue
--   55P03  a member is busy: see pgq_coop.unregister_subconsumer
-- Tables:
--   writes pgq.registration, pgq.position, pgq.retry_queue, pgq.held_event
create or replace function pgq.unregister_consumer(i_queue_name text, i_consumer_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub pgq.registration;
  v_members integer;
begin
  select r.* into v_sub
  from pgq.registration r
  join pgq.queue q on q.queue_id = r.sub_queue
  join pgq.consumer c on c.co_id = r.sub_consumer
  where q.queue_name = i_queue_name and c.co_name = i_consumer_name;
  if (select q.queue_guarded from pgq.queue q where q.queue_id = v_sub.sub_queue) then
    perform pgq.check_consumer(v_sub.sub_queue);
  end if;
  if v_sub.sub_main is not null then
    return pgq_coop.remove_member(v_sub, true);
  end if;

  delete from pgq.registration r where r.sub_id = v_sub.sub_id;
  if not found then
    return 0;
  end if;
  delete from pgq.registration r where r.sub_main = v_sub.sub_id;
  get diagnostics v_members = row_count;
  delete from pgq.position p where p.sub_id = v_sub.sub_id;
  delete from pgq.retry_queue r where r.ev_queue = v_sub.sub_queue and r.ev_owner = v_sub.sub_id;
  delete from pgq.held_event e where e.he_sub = v_sub.sub_id;
  return 1 + v_members;
end;
$$;
