-- pgq.create_queue(queue)
--
--   Creates a queue: its row, its sequences, its event tables, the function that reads them, and its first tick.
--
--   The event tables are made aside and attached to pgq.event, which takes a lock that producers of other
--   queues do not notice. CREATE TABLE … PARTITION OF pgq.event would wait for every open producer and
--   make all others queue behind it.
--
-- Parameters:
--   i_queue_name  1 to 1000 bytes, without control characters
-- Returns:
--   1 when it was created, 0 when it was there already
-- Errors:
--   PQ008  bad name
-- Tables:
--   writes pgq.queue, pgq.tick; creates pgq.event_<id>, pgq.event_<id>_<slot>, pgq.event_<id>_read and two sequences
create or replace function pgq.create_queue(i_queue_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_id integer;
  v_ntables integer;
  v_pfx text;
begin
  perform pgq.check_name('queue', i_queue_name);

  insert into pgq.queue (queue_name, queue_data_pfx, queue_event_seq, queue_tick_seq)
  values (i_queue_name, '', '', '')
  on conflict (queue_name) do nothing
  returning queue_id, queue_ntables into v_id, v_ntables;
  if not found then
    return 0;
  end if;

  v_pfx := 'pgq.event_' || v_id;
  update pgq.queue
  set queue_data_pfx = v_pfx,
      queue_event_seq = v_pfx || '_id_seq',
      queue_tick_seq = v_pfx || '_tick_seq'
  where queue_id = v_id;

  execute format('create table %s (like pgq.event) partition by list (ev_slot)', v_pfx);
  execute format('create sequence %s_id_seq owned by %s.ev_id', v_pfx, v_pfx);
  execute format('create sequence %s_tick_seq owned by %s.ev_id', v_pfx, v_pfx);
  update pgq.queue set queue_event_seq_id = queue_event_seq::regclass where queue_id = v_id;
  for v_slot in 0 .. v_ntables - 1 loop
    perform pgq.create_event_table(v_pfx, v_id, v_slot);
  end loop;
  execute format('alter table pgq.event attach partition %s for values in (%s)', v_pfx, v_id);
  perform pgq.create_reader(v_id);
  perform pgq.grant_perms(i_queue_name);

  insert into pgq.tick (tick_queue, tick_id, tick_snapshot, tick_event_seq, tick_open)
  values (v_id, nextval(v_pfx || '_tick_seq'), pgq.tick_snapshot(), 0, false);
  return 1;
end;
$$;
