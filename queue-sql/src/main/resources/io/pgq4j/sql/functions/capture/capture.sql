-- pgq.capture_rows()
--
--   Internal. Statement trigger of watched tables, for the plain case: whole rows, no condition, INSERT or
--   DELETE. Turns the rows that a statement changed into events, by one INSERT … SELECT over the transition
--   table. pgq.watch_table creates the triggers.
--
--   It runs with the rights of pgq_capture, who can append events and nothing else: users of the watched
--   table need no right on pgq, and a hostile cast that row_to_json calls gains nothing. The transaction of
--   an event is not its to choose: ev_txid is a default.
--
--   One query does it, because in a transaction with a single row the start of a query, or of an expression of
--   PL/pgSQL, costs more than the row. LEFT JOIN: the queue's row is read once, whatever the planner thinks of n.
--
-- Parameters (of the trigger):
--   0  queue
--   1  key columns, as text[]
--   2 to 4  empty
--   5  the options, for pgq.get_watches and pgq.bootstrap_sql
--   6  key columns, separated by commas
-- Returns:
--   nothing of use, as an AFTER trigger
-- Errors:
--   PQ001, PQ005  as pgq.insert_event; they fail the statement that changed the table: an event that cannot
--                 be kept must not be lost silently
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.event
create or replace function pgq.capture_rows()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_name constant text := coalesce(pg_partition_root(tg_relid), tg_relid)::regclass;
  v_headers constant text := nullif(current_setting('pgq.headers', true), '');
begin
  insert into pgq.event (
    ev_id, ev_time, ev_queue, ev_slot,
    ev_type, ev_data, ev_extra1, ev_extra3, ev_extra4)
  select
    nextval(q.queue_event_seq_id), now(), q.queue_id, q.queue_cur_table,
    case when q.queue_per_tx_limit is null or pgq.count_in_tx(tg_argv[0], 1) then tg_op end,
    row_to_json(n.*)::text, v_name, nullif(tg_argv[6], ''), v_headers
  from pgq.queue q
  left join n on true
  where q.queue_name = tg_argv[0] and not q.queue_disable_insert
    and case when n.* is distinct from null then true end;

  if not found or pg_sequence_last_value('pgq.ticker_armed') = 1 then
    if found then
      perform pgq.wake_ticker();
    elsif exists (select from n) then
      perform pgq.refuse_insert(tg_argv[0]);
    end if;
  end if;
  return null;
end;
$$;

-- pgq.capture()
--
--   Internal. The same for all other watches and operations.
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
--   5  the options, for pgq.get_watches and pgq.bootstrap_sql
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
  v_queue record; -- with what else is the same for all rows
  v_count bigint;
begin
  -- In one query: in a transaction with a single row, assignments one by one would cost more than it does.
  select
    q.queue_id, q.queue_cur_table, q.queue_event_seq_id as seq, q.queue_per_tx_limit,
    -- TRUNCATE of a partition is not one of the table
    coalesce(case when tg_op <> 'TRUNCATE' then pg_partition_root(tg_relid) end, tg_relid)::regclass::text as name,
    nullif(array_to_string(tg_argv[1]::text[], ','), '') as key,
    case when tg_argv[2] <> '' then pgq.sent_columns(tg_relid, tg_argv[2]::jsonb) end as columns,
    nullif(current_setting('pgq.headers', true), '') as headers
  into v_queue
  from pgq.queue q
  where q.queue_name = tg_argv[0] and not q.queue_disable_insert;
  if not found then
    perform pgq.refuse_insert(tg_argv[0]);
  elsif tg_argv[4] <> '' then
    execute tg_argv[4]
    using v_queue.queue_id, v_queue.queue_cur_table, v_queue.seq, v_queue.name, tg_argv[1]::text[], v_queue.key,
      v_queue.columns, tg_argv[3], v_queue.headers;
  elsif tg_op = 'INSERT' then
    insert into pgq.event (
      ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra3, ev_extra4)
    select
      nextval(v_queue.seq), now(), v_queue.queue_id, v_queue.queue_cur_table,
      'INSERT', pgq.shaped(row_to_json(n.*), v_queue.columns), v_queue.name, v_queue.key, v_queue.headers
    from n;
  elsif tg_op = 'DELETE' then
    insert into pgq.event (
      ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra3, ev_extra4)
    select
      nextval(v_queue.seq), now(), v_queue.queue_id, v_queue.queue_cur_table,
      'DELETE', pgq.shaped(row_to_json(o.*), v_queue.columns), v_queue.name, v_queue.key, v_queue.headers
    from o;
  elsif tg_op = 'UPDATE' then
    insert into pgq.event (
      ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
    select
      nextval(v_queue.seq), now(), v_queue.queue_id, v_queue.queue_cur_table,
      e.ev_type, e.ev_data, v_queue.name, e.ev_old, v_queue.key, v_queue.headers
    from (
      select e.*
      from (select row_number() over () as i, row_to_json(o.*) as j from o) o
      join (select row_number() over () as i, row_to_json(n.*) as j from n) n using (i)
      cross join lateral pgq.update_events(o.j, n.j, true, true, tg_argv[1]::text[], v_queue.columns, tg_argv[3]) e
      order by e.ev_type = 'DELETE' desc, i, e.step
    ) e;
  else
    insert into pgq.event (
      ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_extra1, ev_extra3, ev_extra4)
    values (
      nextval(v_queue.seq), now(), v_queue.queue_id, v_queue.queue_cur_table,
      'TRUNCATE', v_queue.name, v_queue.key, v_queue.headers);
  end if;

  if v_queue.queue_per_tx_limit is not null or pg_sequence_last_value('pgq.ticker_armed') = 1 then
    get diagnostics v_count = row_count;
    if v_queue.queue_per_tx_limit is not null then
      perform pgq.count_in_tx(tg_argv[0], v_count);
    end if;
    perform pgq.wake_ticker();
  end if;
  return null;
end;
$$;

-- pgq.capture_functions()
--
--   Internal. The trigger functions of watches.
--
-- Parameters:
--   none
-- Returns:
--   their oids
-- Tables:
--   none
create or replace function pgq.capture_functions()
returns oid[]
language plpgsql
stable
as $$
begin
  return array['pgq.capture_rows'::regproc, 'pgq.capture'::regproc, 'pgq.capture_row'::regproc];
end;
$$;
