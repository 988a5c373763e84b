-- pgq.drop_queue(queue)
-- pgq.drop_queue(queue, force)
--
--   Drops a queue: its row, consumers' positions, retries, dead letters and keys; and empties its event tables.
--   The tables themselves stay until maintenance detaches them from pgq.event, which has to wait for open
--   producers of all queues (see pgq.maint_tables_to_drop).
--
-- Parameters:
--   i_queue_name  the queue
--   i_force       drop it although consumers are registered; default false
-- Returns:
--   1; the first form null for null
-- Errors:
--   PQ001  no such queue
--   PQ008  consumers are registered and not forced; or tables are watched for this queue, force or not:
--          their triggers would fail every write
--   55P03  a producer of this queue did not end its transaction within two seconds
-- Tables:
--   writes pgq.queue, pgq.registration, pgq.retry_queue, pgq.held_event, pgq.dead_letter, pgq.event_key;
--   truncates pgq.event_<id>_<slot>
create or replace function pgq.drop_queue(i_queue_name text, i_force boolean)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name);
  v_watched text;
  v_table text;
begin
  perform from pgq.queue q where q.queue_id = v_queue.queue_id for update;

  select string_agg(distinct t.tgrelid::regclass::text, ', ') into v_watched
  from pg_trigger t
  where t.tgname like format('pgq\_%s\_%%', v_queue.queue_id)
    and t.tgfoid = any (pgq.capture_functions());
  if v_watched is not null then
    raise exception 'cannot drop queue, tables are watched for it: %', v_watched
      using errcode = 'PQ008', hint = 'Stop watching first: pgq.unwatch_table(table, queue).';
  end if;

  if i_force is not true and exists (select from pgq.registration r where r.sub_queue = v_queue.queue_id) then
    raise exception 'cannot drop queue, consumers still attached'
      using errcode = 'PQ008',
            hint = 'Unregister them, or drop the queue and their positions: pgq.drop_queue(queue, true).';
  end if;

  for v_table in select s.table_name from pgq.slots(v_queue) s loop
    execute format('truncate only %s', v_table);
  end loop;
  execute format('drop function if exists pgq.event_%s_read', v_queue.queue_id);
  delete from pgq.held_event e
  using pgq.registration r
  where r.sub_queue = v_queue.queue_id and e.he_sub = r.sub_id;
  delete from pgq.registration r where r.sub_queue = v_queue.queue_id;
  delete from pgq.retry_queue r where r.ev_queue = v_queue.queue_id;
  delete from pgq.dead_letter d where d.dl_queue = v_queue.queue_id;
  delete from pgq.event_key k where k.key_queue = v_queue.queue_id;
  delete from pgq.queue q where q.queue_id = v_queue.queue_id;
  return 1;
end;
$$;

create or replace function pgq.drop_queue(i_queue_name text)
returns integer
language sql
strict
as $$
  select pgq.drop_queue(i_queue_name, false);
$$;
