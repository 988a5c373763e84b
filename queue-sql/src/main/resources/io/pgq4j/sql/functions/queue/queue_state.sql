-- pgq.queue_state
--
--   Internal. Each queue that the ticker looks after, with its last tick. Read it before the locks
--   (pgq.producers_open) and before the events, never after: see pgq.ticker.
--     event_seq  the last event id given out
--     new_ids    how many of them after the last tick
--     moved      events may wait: ids were given out since the last tick, or producers were in flight then
--     idle_in    time until the idle period is over; a clock that stepped back counts as over
--     behind     the database was restored here, or the last tick has seen transactions that this server has
--                not. What is written now could not be told from what was read already, so ticking stops until
--                pgq.rebase (PQ006)
create or replace view pgq.queue_state as
select
  s.queue_id, s.queue_name, s.queue_ticker_max_count, s.queue_ticker_max_lag, s.queue_ticker_idle_period,
  s.tick_id, s.tick_snapshot, s.tick_open, s.lag, s.event_seq, s.new_ids, s.behind,
  s.new_ids > 0 or s.tick_open as moved,
  case when s.lag < interval '0' then s.lag else s.queue_ticker_idle_period - s.lag end as idle_in,
  s.queue_cur_table
from (
  select
    q.queue_id, q.queue_name, q.queue_ticker_max_count, q.queue_ticker_max_lag, q.queue_ticker_idle_period,
    q.queue_cur_table,
    t.tick_id, t.tick_snapshot, t.tick_open,
    clock_timestamp() - t.tick_time as lag,
    e.event_seq,
    e.event_seq - t.tick_event_seq as new_ids,
    r.restored or txid_snapshot_xmax(txid_current_snapshot()) < txid_snapshot_xmax(t.tick_snapshot) as behind
  from (select pgq.is_restored() as restored) r
  cross join pgq.queue q
  cross join lateral (
    select coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0) as event_seq offset 0) e
  cross join lateral (
    select t.* from pgq.tick t where t.tick_queue = q.queue_id order by t.tick_id desc limit 1) t
  where not q.queue_external_ticker
    and not q.queue_ticker_paused
) s;
