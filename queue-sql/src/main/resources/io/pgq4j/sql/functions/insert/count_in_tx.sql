-- pgq.count_in_tx(queue, count)
--
--   Internal. Refuses events beyond queue_per_tx_limit: the slow path of everything that appends, for queues that
--   have such a limit. The count is kept in a setting of the transaction, so that a transaction of n events does not
--   count n times; events that a savepoint took back do not count.
--
-- Parameters:
--   i_queue_name  the queue
--   i_count       how many events are appended
-- Returns:
--   true
-- Errors:
--   PQ005  they would be more than the limit
-- Tables:
--   reads pgq.queue
create or replace function pgq.count_in_tx(i_queue_name text, i_count bigint)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name, 'No such queue');
  v_setting text := 'pgq.events_of_tx_' || v_queue.queue_id;
  v_count bigint := coalesce(nullif(current_setting(v_setting, true), '')::bigint, 0) + i_count;
begin
  if v_queue.queue_per_tx_limit >= 0 and v_count > v_queue.queue_per_tx_limit then
    raise exception 'Queue ''%'' allows max % events from one TX', i_queue_name, v_queue.queue_per_tx_limit
      using errcode = 'PQ005',
            hint = 'Commit more often, or change it with pgq.set_queue_config(queue, ''per_tx_limit'', value).';
  end if;
  perform set_config(v_setting, v_count::text, true);
  return true;
end;
$$;
