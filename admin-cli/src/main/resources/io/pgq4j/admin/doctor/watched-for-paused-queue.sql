-- Watched tables of queues that are not ticked because somebody paused them.
select w.table_name as object, w.queue_name as queue
from pgq.get_watches() w
join pgq.queue q using (queue_name)
where q.queue_ticker_paused;
