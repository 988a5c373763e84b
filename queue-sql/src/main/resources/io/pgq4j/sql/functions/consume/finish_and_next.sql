-- pgq.finish_and_next(batch_id)
--
--   Closes a batch and opens the next one of its consumer: pgq.finish_batch and pgq.next_batch_info in one, which
--   costs one position, one transaction and one wait for the disk instead of two. What is not plain (no tick yet, a
--   member, a paused consumer, rights on one queue) is left to these two: the batch is closed then, and none opened.
--
-- Parameters:
--   i_batch_id  the batch to close
-- Returns:
--   finished  as pgq.finish_batch: 1; 0 with a warning when it is not the current batch of its consumer
--   batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq, prev_tick_event_seq of the
--   next batch, all null when none is opened
-- Errors:
--   42501  another role opened it, or the caller's right on this queue was taken away
--   40001  the snapshot is older than a compaction, or another session was faster (not READ COMMITTED)
-- Tables:
--   writes pgq.position; reads pgq.registration, pgq.queue, pgq.tick
create or replace function pgq.finish_and_next(
  i_batch_id bigint, out finished integer,
  out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
  out cur_tick_time timestamptz, out prev_tick_time timestamptz,
  out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_position record;
begin
  select
    p.sub_id, p.pos_seq, n.tick_id, n.tick_time, n.tick_event_seq,
    t.tick_id as prev_id, t.tick_time as prev_time, t.tick_event_seq as prev_event_seq
  into v_position
  from pgq.position p
  join pgq.registration r on r.sub_id = p.sub_id
  join pgq.queue q on q.queue_id = r.sub_queue
  cross join lateral ( -- offset 0: see pgq.batch
    select t.* from pgq.tick t where t.tick_queue = r.sub_queue and t.tick_id = p.next_tick offset 0) t
  cross join lateral (
    select n.*
    from pgq.tick n
    where n.tick_queue = r.sub_queue and n.tick_id > p.next_tick
    order by n.tick_id
    limit 1) n
  where p.batch_id = i_batch_id and pgq.may_hold(p.pos_role) and r.sub_main is null and not q.queue_guarded
  order by p.pos_seq desc
  limit 1;
  if found then
    insert into pgq.position (sub_id, pos_seq, last_tick, batch_id, next_tick)
    select r.sub_id, v_position.pos_seq + 1, v_position.prev_id, nextval('pgq.batch_id_seq'), v_position.tick_id
    from pgq.registration r
    where r.sub_id = v_position.sub_id and not pgq.is_paused(r)
      and not exists (select from pgq.registration m where m.sub_main = r.sub_id)
    on conflict (sub_id, pos_seq) do nothing
    returning batch_id into batch_id;
    if found then
      finished := 1;
      cur_tick_id := v_position.tick_id;
      prev_tick_id := v_position.prev_id;
      cur_tick_time := v_position.tick_time;
      prev_tick_time := v_position.prev_time;
      cur_tick_event_seq := v_position.tick_event_seq;
      prev_tick_event_seq := v_position.prev_event_seq;
      return;
    end if;
  end if;
  finished := pgq.finish_batch(i_batch_id);
end;
$$;
