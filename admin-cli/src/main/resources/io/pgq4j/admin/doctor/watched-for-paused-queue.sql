-- Watched tables of queues that are not ticked because somebody paused them.
select
  w.table_name as object, w.queue_name as queue, format('select pgq.resume_queue(%L)', w.queue_name) as statement
from pgq.get_watches() w
join pgq.queue q using (queue_name)
where q.queue_ticker_paused;
