-- pgq_coop.register_subconsumer(queue, consumer, subconsumer)
--
--   Registers a member of a consumer, and the consumer itself if need be. Members share the consumer's
--   batches: each batch is handed to one of them. In pgq.consumer it is called consumer.subconsumer.
--
-- Parameters:
--   i_queue_name        the queue
--   i_consumer_name     the consumer it works for
--   i_subconsumer_name  its name; consumer.subconsumer has up to 1000 bytes, without control characters
-- Returns:
--   1 when it was registered, 0 when it was registered already
-- Errors:
--   PQ001  no such queue
--   PQ002  the consumer was unregistered meanwhile
--   PQ008  bad name; the consumer is a member itself; the name consumer.subconsumer is taken
-- Tables:
--   locks the row of pgq.queue; writes pgq.consumer, pgq.registration, pgq.position
create or replace function pgq_coop.register_subconsumer(
  i_queue_name text, i_consumer_name text, i_subconsumer_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_name constant text := pgq_coop.member_name(i_consumer_name, i_subconsumer_name);
  v_main pgq.registration;
  v_consumer integer;
  v_sub integer;
begin
  perform pgq.check_name('subconsumer', i_subconsumer_name);
  perform pgq.register_consumer(i_queue_name, i_consumer_name);
  perform pgq.check_name('consumer', v_name);
  -- Whoever unregisters the consumer waits, and finds this member.
  select r.* into v_main
  from pgq.registration r
  join pgq.queue q on q.queue_id = r.sub_queue
  join pgq.consumer c on c.co_id = r.sub_consumer
  where q.queue_name = i_queue_name and c.co_name = i_consumer_name
  for key share of r;
  if not found then
    raise exception 'Not subscriber to queue: %/%', i_queue_name, i_consumer_name
      using errcode = 'PQ002', hint = 'It was unregistered meanwhile; call this again.';
  elsif v_main.sub_main is not null then
    raise exception 'consumer %/% is a member itself', i_queue_name, i_consumer_name
      using errcode = 'PQ008', hint = 'Register members of the consumer that it works for.';
  end if;

  insert into pgq.consumer (co_name) values (v_name) on conflict (co_name) do nothing;
  select c.co_id into v_consumer from pgq.consumer c where c.co_name = v_name;
  insert into pgq.registration (sub_queue, sub_consumer, sub_main)
  values (v_main.sub_queue, v_consumer, v_main.sub_id)
  on conflict (sub_queue, sub_consumer) do nothing
  returning sub_id into v_sub;
  if found then
    insert into pgq.position (sub_id, pos_seq) values (v_sub, 1);
    return 1;
  end if;

  perform from pgq.registration r
  where r.sub_queue = v_main.sub_queue and r.sub_consumer = v_consumer and r.sub_main = v_main.sub_id;
  if not found then
    raise exception 'consumer %/% is registered, and no member of %', i_queue_name, v_name, i_consumer_name
      using errcode = 'PQ008', hint = 'Choose another name for the member, or unregister that consumer.';
  end if;
  return 0;
end;
$$;
