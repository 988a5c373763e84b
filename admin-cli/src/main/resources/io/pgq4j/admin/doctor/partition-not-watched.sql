-- Partitions and children that came after their parent was watched.
select
  w.table_name as object, w.queue_name as queue, array_to_string(w.uncovered, ', ') as partitions,
  format('select pgq.watch_table(%L, %L, %L)', w.table_name, w.queue_name, w.options) as statement
from pgq.get_watches() w
where w.uncovered is not null;
