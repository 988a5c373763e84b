-- What each queue will take on disk a day from now: what it takes, and the events of a day, at the rate of the last
-- hour and the size of those that are stored. A queue that is rotated keeps the events of ntables periods at most.
with queue as (
  select
    q.queue_name, q.queue_ntables, extract(epoch from q.queue_rotation_period) as period,
    coalesce(m.blocked_by in ('consumer', 'transaction'), false) as blocked,
    (select sum(pg_total_relation_size(s.table_name::regclass)) from pgq.slots(q) s) as size,
    e.seq - (
      select t.tick_event_seq from pgq.tick t
      where t.tick_queue = q.queue_id and t.tick_id >= q.queue_oldest_tick
      order by t.tick_id
      limit 1) as stored,
    (select (e.seq - t.tick_event_seq) / 3600.0
      from pgq.tick t
      where t.tick_queue = q.queue_id and t.tick_time > clock_timestamp() - interval '1 hour'
      order by t.tick_id
      limit 1) as rate
  from pgq.get_queue_metrics() m
  join pgq.queue q using (queue_name)
  cross join lateral (
    select t.tick_event_seq + m.pending_events as seq
    from pgq.tick t
    where t.tick_queue = q.queue_id
    order by t.tick_id desc
    limit 1) e
  where m.blocked_by is distinct from 'lock' -- its size could not be read
),
growth as (
  select q.*, q.size / q.stored as bytes, q.rate * q.size / q.stored as bytes_per_second
  from queue q
  where q.stored > 0
),
forecast as (
  select
    g.*,
    g.size + case
      when g.blocked then g.bytes_per_second * 86400
      else greatest(least(g.bytes_per_second * 86400, g.bytes_per_second * g.period * g.queue_ntables - g.size), 0)
    end as forecast
  from growth g
)
select
  f.queue_name as object, f.queue_name as queue, pg_size_pretty(f.size) as size,
  case when f.blocked then 'its rotation is blocked, ' else '' end as blocked,
  pg_size_pretty(f.forecast) as forecast, round(f.rate, 1) as rate, round(f.bytes) as bytes,
  case when f.blocked then 'show' else 'set' end as command,
  case when not f.blocked then format('rotation_period=%ss', ceil(f.period / 2)) end as option
from forecast f
where f.forecast > :'disk'::numeric
order by f.forecast desc;
