-- pgq.next_batches(queue, consumers, finished)
--
--   Opens the next batch of many consumers of one queue, and closes the one that they have finished: for each of them
--   pgq.finish_and_next or pgq.next_batch, in one transaction, with one wait for the disk. What is not plain is left to
--   these, without a change and without a word: a consumer that is a member or has some, rights on one queue, a batch
--   that is not the one that the caller thinks is open, another session that was faster.
--
--   Positions are appended in the order of sub_id, so two callers cannot wait for each other in a circle. Nobody waits
--   long for somebody else's transaction.
--
-- Parameters:
--   i_queue_name  the queue
--   i_consumers   its consumers
--   i_finished    for each of them the batch to close; null: it has none open
-- Returns:
--   a row for each consumer that is plain: its batch is closed, and
--   batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq, prev_tick_event_seq are
--   those of the next one; all null when there is no tick yet, or the consumer is paused
-- Errors:
--   55P03  somebody else's transaction is in the way
--   40001  another session was faster (not READ COMMITTED)
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration, pgq.tick; writes pgq.position
create or replace function pgq.next_batches(
  i_queue_name text, i_consumers text[], i_finished bigint[],
  out consumer_name text, out batch_id bigint, out cur_tick_id bigint, out prev_tick_id bigint,
  out cur_tick_time timestamptz, out prev_tick_time timestamptz,
  out cur_tick_event_seq bigint, out prev_tick_event_seq bigint)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
set plan_cache_mode = force_generic_plan
set join_collapse_limit = 1
set enable_seqscan = off
set enable_hashjoin = off
as $$
#variable_conflict use_column
begin
  return query
  with plain as materialized (
    select
      r.sub_id, w.consumer_name, w.finished, p.pos_seq,
      case when cur.tick_id is not null then nextval('pgq.batch_id_seq') end as batch_id,
      prev.tick_id as prev_id, prev.tick_time as prev_time, prev.tick_event_seq as prev_seq,
      cur.tick_id as cur_id, cur.tick_time as cur_time, cur.tick_event_seq as cur_seq
    from pgq.queue q
    cross join unnest(i_consumers, i_finished) w (consumer_name, finished)
    join pgq.consumer c on c.co_name = w.consumer_name
    join pgq.registration r on r.sub_queue = q.queue_id and r.sub_consumer = c.co_id
    cross join lateral (
      select l.* from pgq.position l where l.sub_id = r.sub_id order by l.pos_seq desc limit 1) p
    cross join lateral (
      select t.* from pgq.tick t where t.tick_queue = q.queue_id and t.tick_id = coalesce(p.next_tick, p.last_tick)
      offset 0) prev
    left join lateral (
      select t.*
      from pgq.tick t
      where t.tick_queue = q.queue_id and t.tick_id > prev.tick_id and not pgq.is_paused(r)
      order by t.tick_id
      limit 1) cur on true
    where q.queue_name = i_queue_name
      and not q.queue_guarded
      and r.sub_main is null
      and not exists (select from pgq.registration m where m.sub_main = r.sub_id)
      and p.batch_id is not distinct from w.finished
      and (p.batch_id is null or pgq.may_hold(p.pos_role))
  ), moved as (
    insert into pgq.position (sub_id, pos_seq, last_tick, batch_id, next_tick)
    select s.sub_id, s.pos_seq + 1, s.prev_id, s.batch_id, s.cur_id
    from plain s
    where s.finished is not null or s.batch_id is not null
    order by s.sub_id
    on conflict (sub_id, pos_seq) do nothing
    returning sub_id
  )
  select
    s.consumer_name, s.batch_id, s.cur_id, case when s.batch_id is not null then s.prev_id end,
    s.cur_time, case when s.batch_id is not null then s.prev_time end,
    s.cur_seq, case when s.batch_id is not null then s.prev_seq end
  from plain s
  where s.sub_id in (select m.sub_id from moved m) or s.finished is null and s.batch_id is null;
end;
$$;

-- pgq.get_batches_events(batch_ids, limit)
--
--   The events of several open batches that reach from the same tick to the same tick, by ev_id: one that is for
--   everyone once, one that comes back to a consumer with its batch.
--
-- Parameters:
--   i_batch_ids  the batches; those of other ticks than the first one's are passed over
--   i_limit      how many events at most
-- Returns:
--   batch_id  whose event it is; null: of all of them
--   ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1 … ev_extra4  as pgq.get_batch_events
-- Errors:
--   PQ003  the first batch is not open
--   42501  another role opened it
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.position, pgq.registration, pgq.tick, pgq.event_<id>
create or replace function pgq.get_batches_events(
  i_batch_ids bigint[], i_limit integer, out batch_id bigint,
  out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer, out ev_type text,
  out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
set jit = off
set constraint_exclusion = off
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_window record := pgq.batch_window(i_batch_ids[1]);
  v_subs integer[];
  v_batches bigint[];
begin
  select array_agg(p.sub_id), array_agg(p.batch_id) into v_subs, v_batches
  from pgq.position f
  join pgq.position p on p.last_tick = f.last_tick and p.next_tick = f.next_tick
  where f.batch_id = i_batch_ids[1] and p.batch_id = any (i_batch_ids);
  return query execute format(
    'select
       ($6)[array_position($5, e.ev_owner)], e.ev_id, e.ev_time, e.ev_txid, e.ev_retry, e.ev_type, e.ev_data,
       e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
     from pgq.event_%s e
     where (e.ev_owner is null or e.ev_owner = any ($5))
       and (e.ev_txid >= $1 and e.ev_txid < $2 and txid_visible_in_snapshot(e.ev_txid, $3)'
      || case when v_window.ended = '{}' then '' else ' or e.ev_txid = any ($4)' end
      || ') order by e.ev_id limit $7',
    v_window.queue_id)
  using v_window.from_txid, v_window.to_txid, v_window.snapshot, v_window.ended, v_subs, v_batches, i_limit;
end;
$$;
