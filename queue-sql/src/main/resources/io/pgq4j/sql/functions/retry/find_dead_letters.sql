-- pgq.find_dead_letters(queue, consumer)
--
--   Internal. Whose dead letters are asked for. They stay when a consumer leaves, so it need not be registered.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
-- Returns:
--   ids of the queue and the consumer
-- Errors:
--   42501  no right on this queue
--   PQ001  no such queue
--   PQ002  no such consumer
-- Tables:
--   reads pgq.queue, pgq.consumer
create or replace function pgq.find_dead_letters(
  i_queue_name text, i_consumer_name text, out queue_id integer, out consumer_id integer)
language plpgsql
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name);
begin
  queue_id := v_queue.queue_id;
  if v_queue.queue_guarded then
    perform pgq.check_consumer(queue_id);
  end if;
  select c.co_id into consumer_id from pgq.consumer c where c.co_name = i_consumer_name;
  if not found then
    raise exception 'no such consumer'
      using errcode = 'PQ002', detail = format('Consumer: %s.', coalesce(quote_literal(i_consumer_name), 'null')),
            hint = 'Look at pgq.get_consumer_info(queue) for the names.';
  end if;
end;
$$;
