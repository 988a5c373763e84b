-- Consumers that lag behind the ticks, and have neither moved nor got a session; or told that they ended.
select
  m.queue_name || '/' || m.consumer_name as object, m.queue_name as queue, m.consumer_name as consumer,
  m.pending_events as events, m.lag, i.last_seen as seen
from pgq.get_consumer_metrics() m
join pgq.get_consumer_info() i using (queue_name, consumer_name)
join pgq.get_queue_info() q using (queue_name)
left join pgq.get_consumer_states() s using (queue_name, consumer_name)
where m.lag > :'lag'::interval
  and m.lag > q.ticker_lag + interval '1 second'
  and not m.paused
  and (s.state in ('stopped', 'failed') or i.last_seen > :'lag'::interval and not coalesce(s.connected, false));
