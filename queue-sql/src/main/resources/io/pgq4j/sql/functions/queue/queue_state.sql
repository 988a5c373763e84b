-- pgq.queue_state
--
--   Each queue that the ticker looks after, with its last tick and the last event id given out. Read it
--   before the locks (pgq.producers_open) and before the events, never after: see pgq.ticker.
--
--   behind: the last tick has seen transactions that this server has not. What is written now could not be
--   told from what was read already, so ticking stops until pgq.rebase (PQ006).
create or replace view pgq.queue_state as
select
  q.queue_id, q.queue_name, q.queue_ticker_max_count, q.queue_ticker_max_lag, q.queue_ticker_idle_period,
  t.tick_id, t.tick_snapshot, t.tick_open,
  clock_timestamp() - t.tick_time as lag,
  coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0) as event_seq,
  coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0) - t.tick_event_seq as new_ids,
  txid_snapshot_xmax(txid_current_snapshot()) < txid_snapshot_xmax(t.tick_snapshot) as behind
from pgq.queue q
cross join lateral (
  select t.* from pgq.tick t where t.tick_queue = q.queue_id order by t.tick_id desc limit 1) t
where not q.queue_external_ticker
  and not q.queue_ticker_paused;
