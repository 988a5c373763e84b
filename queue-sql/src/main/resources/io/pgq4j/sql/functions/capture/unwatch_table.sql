-- pgq.unwatch_table(table, queue)
--
--   Stops sending the changes of a table to a queue. Events that are in the queue stay there.
--
-- Parameters:
--   i_table       the table
--   i_queue_name  the queue
-- Returns:
--   number of triggers that were dropped; 0: the table was not watched for this queue
-- Errors:
--   PQ001  no such queue
--   42501  the caller does not own the table
--   55P03  a transaction that uses the table did not end within two seconds
-- Tables:
--   reads pgq.queue; drops triggers pgq_<queue_id>_<operation> of the table, its partitions and children
create or replace function pgq.unwatch_table(i_table regclass, i_queue_name text)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name);
  v_trigger record;
  v_count integer := 0;
begin
  for v_trigger in
    select t.tgname, t.tgrelid::regclass as tgtable
    from pg_trigger t
    where t.tgrelid in (select w.relid from pgq.watch_tree(i_table) w)
      and t.tgname like format('pgq\_%s\_%%', v_queue.queue_id)
      and t.tgfoid = any (pgq.capture_functions())
      and t.tgparentid = 0
  loop
    execute format('drop trigger %I on %s', v_trigger.tgname, v_trigger.tgtable);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;
