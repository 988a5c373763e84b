-- pgq.capture()
--
--   Internal. Statement trigger of watched tables: turns the rows that a statement changed into events, by one
--   INSERT … SELECT over the transition tables. pgq.watch_table creates the triggers.
--
--   It runs with the rights of pgq_capture, who can append events and nothing else: users of the watched
--   table need no right on pgq, and a hostile cast that row_to_json calls gains nothing. The transaction of
--   an event is not its to choose: ev_txid is a default.
--
--   An UPDATE pairs old and new rows by their place in the transition tables, which PostgreSQL fills in
--   step; a row whose key changed becomes DELETE and INSERT. A statement's DELETEs come first: what shifts or
--   swaps keys would else delete rows that it has just inserted.
--
-- Parameters (of the trigger):
--   0  queue
--   1  key columns, as text[]
--   2  which columns to send, as pgq.sent_columns takes it; '': all
--   3  what to send of the old row of an UPDATE, as pgq.update_events takes it
--   4  statement to run instead of the plain one, for a `where`; else ''
--   5  the options, for pgq.get_watches
-- Returns:
--   nothing of use, as an AFTER trigger
-- Errors:
--   PQ001, PQ005  as pgq.insert_event; they fail the statement that changed the table: an event that cannot
--                 be kept must not be lost silently
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.event
create or replace function pgq.capture()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue record;
  v_seq regclass;
  v_count bigint;
  -- TRUNCATE of a partition is not one of the table
  v_table text := coalesce(case when tg_op <> 'TRUNCATE' then pg_partition_root(tg_relid) end, tg_relid)::regclass;
  v_keys text[] := tg_argv[1];
  v_key text := nullif(array_to_string(v_keys, ','), '');
  v_columns jsonb;
  v_headers text := nullif(current_setting('pgq.headers', true), '');
begin
  select q.queue_id, q.queue_cur_table, q.queue_event_seq, q.queue_disable_insert, q.queue_per_tx_limit into v_queue
  from pgq.queue q
  where q.queue_name = tg_argv[0];
  if not found or v_queue.queue_disable_insert then
    perform pgq.refuse_insert(tg_argv[0]);
  end if;
  v_seq := v_queue.queue_event_seq;
  if tg_argv[2] <> '' then
    v_columns := pgq.sent_columns(tg_relid, tg_argv[2]::jsonb);
  end if;

  if tg_argv[4] <> '' then
    execute tg_argv[4]
    using v_queue.queue_id, v_queue.queue_cur_table, v_seq, v_table, v_keys, v_key, v_columns, tg_argv[3], v_headers;
  elsif tg_op = 'INSERT' then
    insert into pgq.event (
      ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra3, ev_extra4)
    select
      nextval(v_seq), now(), v_queue.queue_id, v_queue.queue_cur_table,
      'INSERT', case when v_columns is null then row_to_json(n)::text else pgq.shaped(row_to_json(n), v_columns) end,
      v_table, v_key, v_headers
    from n;
  elsif tg_op = 'DELETE' then
    insert into pgq.event (
      ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra3, ev_extra4)
    select
      nextval(v_seq), now(), v_queue.queue_id, v_queue.queue_cur_table,
      'DELETE', case when v_columns is null then row_to_json(o)::text else pgq.shaped(row_to_json(o), v_columns) end,
      v_table, v_key, v_headers
    from o;
  elsif tg_op = 'UPDATE' then
    insert into pgq.event (
      ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
    select
      nextval(v_seq), now(), v_queue.queue_id, v_queue.queue_cur_table,
      e.ev_type, e.ev_data, v_table, e.ev_old, v_key, v_headers
    from (
      select e.*
      from (select row_number() over () as i, row_to_json(o) as j from o) o
      join (select row_number() over () as i, row_to_json(n) as j from n) n using (i)
      cross join lateral pgq.update_events(o.j, n.j, true, true, v_keys, v_columns, tg_argv[3]) e
      order by e.ev_type = 'DELETE' desc, i, e.step
    ) e;
  else
    insert into pgq.event (
      ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_extra1, ev_extra3, ev_extra4)
    values (
      nextval(v_seq), now(), v_queue.queue_id, v_queue.queue_cur_table,
      'TRUNCATE', v_table, v_key, v_headers);
  end if;

  if v_queue.queue_per_tx_limit is not null then
    get diagnostics v_count = row_count;
    perform pgq.count_in_tx(tg_argv[0], v_count);
  end if;
  if (select a.last_value from pgq.ticker_armed a) = 1 then
    perform pgq.wake_ticker();
  end if;
  return null;
end;
$$;
