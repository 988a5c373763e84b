-- Queues whose ticks have seen transactions that this server has not: see pgq.rebase.
select current_database() as object, count(*) as queues
from pgq.get_queue_metrics() m
where m.stopped_by = 'behind'
having count(*) > 0;
