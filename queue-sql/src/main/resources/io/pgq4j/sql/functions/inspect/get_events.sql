-- pgq.get_events(queue, tick, after, upto)
--
--   The events between two ticks, by ev_id, without being a consumer: nobody's position moves. What is retried for one
--   consumer is left out. Who goes on from tick to tick and keeps their snapshots reads every event once, in the order
--   in which consumers get them; the first tick may be compacted away meanwhile.
--
--   Nothing is kept for this reader. So it looks, once its locks hold off rotation, whether it came in time.
--
-- Parameters:
--   i_queue_name  the queue
--   i_tick        the tick to read after
--   i_after       its snapshot, pgq.tick.tick_snapshot
--   i_upto        the snapshot of a later tick
-- Returns:
--   ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1 … ev_extra4
-- Errors:
--   PQ001  no such queue
--   PQ007  the transaction is not READ COMMITTED: it would not see that events are gone
--   PQ008  events after the first tick are gone
--   42501  no right on this queue
-- Tables:
--   reads pgq.queue, pgq.event_<id>
create or replace function pgq.get_events(
  i_queue_name text, i_tick bigint, i_after txid_snapshot, i_upto txid_snapshot,
  out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer, out ev_type text,
  out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
as $$
declare
  v_queue constant pgq.queue := pgq.find_queue(i_queue_name);
  v_ended constant bigint[] := array(
    select x from txid_snapshot_xip(i_after) x except select x from txid_snapshot_xip(i_upto) x);
begin
  perform pgq.check_isolation('get_events');
  return query execute format(
    'select * from pgq.event_%s_read(null, %s, %s, %L, %L)',
    v_queue.queue_id, txid_snapshot_xmax(i_after), txid_snapshot_xmax(i_upto), i_upto, v_ended);
  if exists (select from pgq.queue q where q.queue_id = v_queue.queue_id and q.queue_oldest_tick > i_tick) then
    raise exception 'events after tick % are gone', i_tick
      using errcode = 'PQ008', hint = 'Go on from pgq.oldest_tick(queue), or register a consumer: it is waited for.';
  end if;
end;
$$;
