-- Who gave events up of late. Of many dead letters only the last ten thousand are looked at.
select
  q.queue_name || '/' || c.co_name as object, q.queue_name as queue, c.co_name as consumer, count(*) as events,
  :'age'::interval as age,
  (array_agg(left(split_part(d.dl_reason, chr(10), 1), 100) order by d.dl_id desc))[1] as reason
from (select * from pgq.dead_letter order by dl_id desc limit 10000) d
join pgq.queue q on q.queue_id = d.dl_queue
join pgq.consumer c on c.co_id = d.dl_consumer
where d.dl_time > now() - :'age'::interval
group by q.queue_name, c.co_name
order by object;
