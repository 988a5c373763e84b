-- pgq.get_batch_info(batch_id)
--
--   What an open batch covers.
--
-- Parameters:
--   i_batch_id  the batch
-- Returns:
--   queue_name, consumer_name (of a member: consumer.subconsumer), batch_start and batch_end (times of its
--   ticks), prev_tick_id, tick_id, lag (age of its end), seq_start, seq_end (event ids at its ticks); all null
--   when it is not open
-- Tables:
--   reads pgq.position, pgq.registration, pgq.queue, pgq.consumer, pgq.tick
create or replace function pgq.get_batch_info(
  i_batch_id bigint,
  out queue_name text, out consumer_name text, out batch_start timestamptz, out batch_end timestamptz,
  out prev_tick_id bigint, out tick_id bigint, out lag interval, out seq_start bigint, out seq_end bigint)
language sql
as $$
  select
    q.queue_name, c.co_name, prev.tick_time, cur.tick_time, prev.tick_id, cur.tick_id,
    clock_timestamp() - cur.tick_time, prev.tick_event_seq, cur.tick_event_seq
  from pgq.batch(i_batch_id) b
  join pgq.registration r on r.sub_id = b.holder_id
  join pgq.queue q on q.queue_id = r.sub_queue
  join pgq.consumer c on c.co_id = r.sub_consumer
  cross join lateral ( -- offset 0: see pgq.batch
    select t.* from pgq.tick t where t.tick_queue = b.queue_id and t.tick_id = b.prev_tick offset 0) prev
  cross join lateral (
    select t.* from pgq.tick t where t.tick_queue = b.queue_id and t.tick_id = b.next_tick offset 0) cur;
$$;
