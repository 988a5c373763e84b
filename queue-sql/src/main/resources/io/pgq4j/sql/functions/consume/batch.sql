-- pgq.batch(batch_id)
--
--   Internal. The open batch of that id, with what is needed to read it.
--
-- Parameters:
--   i_batch_id  the batch
-- Returns:
--   sub_id     the consumer whose events these are; of a member's batch, the main consumer
--   queue_id, prev_tick, next_tick
--   prev_snapshot, next_snapshot  of these ticks
--   event_ids  how many event ids were drawn between these ticks: about as many events as it has
--   holder_id  the consumer or member that holds it
--   all null when it is not open: finished, taken over, or never there
-- Errors:
--   40001  the snapshot is older than a compaction
--   42501  another role opened it
-- Tables:
--   reads pgq.position, pgq.registration, pgq.queue, pgq.tick
create or replace function pgq.batch(
  i_batch_id bigint, out sub_id integer, out queue_id integer, out prev_tick bigint, out next_tick bigint,
  out prev_snapshot txid_snapshot, out next_snapshot txid_snapshot, out event_ids bigint, out holder_id integer)
language plpgsql
as $$
declare
  v_role oid;
  v_guarded boolean;
begin
  select
    coalesce(r.sub_main, r.sub_id), r.sub_queue, p.last_tick, p.next_tick, o.tick_snapshot, n.tick_snapshot,
    n.tick_event_seq - o.tick_event_seq, r.sub_id, p.pos_role, q.queue_guarded
  into
    sub_id, queue_id, prev_tick, next_tick, prev_snapshot, next_snapshot, event_ids, holder_id, v_role, v_guarded
  from pgq.position p
  join pgq.registration r on r.sub_id = p.sub_id
  join pgq.queue q on q.queue_id = r.sub_queue
  -- offset 0: else the planner, who believes that all queues have about as many ticks, may read all of this one's
  left join lateral (
    select t.* from pgq.tick t where t.tick_queue = r.sub_queue and t.tick_id = p.last_tick offset 0) o on true
  left join lateral (
    select t.* from pgq.tick t where t.tick_queue = r.sub_queue and t.tick_id = p.next_tick offset 0) n on true
  where p.batch_id = i_batch_id
    and not exists (select from pgq.position l where l.sub_id = p.sub_id and l.pos_seq > p.pos_seq);
  if not found then
    perform pgq.refuse_stale_positions('batch ' || i_batch_id);
  elsif prev_snapshot is null or next_snapshot is null then
    perform pgq.refuse_stale_snapshot('batch ' || i_batch_id);
  elsif not pgq.may_hold(v_role) then
    raise exception 'batch % was opened by another role', i_batch_id
      using errcode = '42501',
            detail = format('Role %s may not act for role %s.', pgq.caller(), pg_get_userbyid(v_role)),
            hint = 'Take it over with pgq.next_batch, which gives it a new id; or act as that role or as pgq_admin.';
  elsif v_guarded then
    perform pgq.check_consumer(queue_id);
  end if;
end;
$$;
