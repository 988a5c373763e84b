-- pgq_coop.find_member(queue, consumer, subconsumer)
--
--   Internal. The registration of a member.
--
-- Parameters:
--   i_queue_name        the queue
--   i_consumer_name     the consumer it works for
--   i_subconsumer_name  its name
-- Returns:
--   the row of pgq.registration, all null when there is none
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration
create or replace function pgq_coop.find_member(i_queue_name text, i_consumer_name text, i_subconsumer_name text)
returns pgq.registration
language plpgsql
as $$
declare
  v_member pgq.registration;
begin
  select m.* into v_member
  from pgq.queue q
  join pgq.registration r on r.sub_queue = q.queue_id
  join pgq.consumer c on c.co_id = r.sub_consumer
  join pgq.consumer s on s.co_name = pgq_coop.member_name(i_consumer_name, i_subconsumer_name)
  join pgq.registration m on m.sub_queue = q.queue_id and m.sub_consumer = s.co_id and m.sub_main = r.sub_id
  where q.queue_name = i_queue_name and c.co_name = i_consumer_name;
  return v_member;
end;
$$;

-- pgq_coop.member_name(consumer, subconsumer)
--
--   Internal. The name under which a member is in pgq.consumer, as PgQ forms it.
--
-- Parameters:
--   i_consumer_name     the consumer it works for
--   i_subconsumer_name  its name
-- Returns:
--   consumer.subconsumer
-- Tables:
--   none
create or replace function pgq_coop.member_name(i_consumer_name text, i_subconsumer_name text)
returns text
language sql
immutable
as $$
  select i_consumer_name || '.' || i_subconsumer_name;
$$;
