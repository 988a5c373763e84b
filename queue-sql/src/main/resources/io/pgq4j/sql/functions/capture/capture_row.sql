-- pgq.capture_row()
--
--   Internal. Row trigger of watched tables, for writes that fire no statement trigger: logical replication's apply,
--   and rows written straight to a partition. Otherwise as pgq.capture, at a price per row.
--
-- Parameters (of the trigger):
--   0  queue
--   1  key columns, as text[]
--   2  columns to leave out, as text[]
--   3  'old' to send the old row of an UPDATE, else ''
--   4  query that answers whether the row in $1 is wanted, for a `where`; else ''
-- Returns:
--   nothing of use, as an AFTER trigger
-- Errors:
--   PQ001, PQ005  as pgq.insert_event
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.event
create or replace function pgq.capture_row()
returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue record;
  v_count bigint;
  v_table text := coalesce(pg_partition_root(tg_relid), tg_relid)::regclass;
  v_keys text[] := tg_argv[1];
  v_key text := nullif(array_to_string(v_keys, ','), '');
  v_ignore text[] := nullif(tg_argv[2], '{}');
  v_headers text := nullif(current_setting('pgq.headers', true), '');
  v_new json;
  v_old json;
  v_wanted boolean := true;
begin
  select q.queue_id, q.queue_cur_table, q.queue_event_seq, q.queue_disable_insert, q.queue_per_tx_limit into v_queue
  from pgq.queue q
  where q.queue_name = tg_argv[0];
  if not found or v_queue.queue_disable_insert then
    perform pgq.refuse_insert(tg_argv[0]);
  end if;

  if tg_argv[4] <> '' then
    if tg_op = 'DELETE' then
      execute tg_argv[4] into v_wanted using old;
    else
      execute tg_argv[4] into v_wanted using new;
    end if;
  end if;
  if v_wanted is not true then
    return null;
  end if;

  if tg_op <> 'INSERT' then
    v_old := row_to_json(old);
  end if;
  if tg_op <> 'DELETE' then
    v_new := row_to_json(new);
  end if;
  insert into pgq.event (
    ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
  select
    nextval(v_queue.queue_event_seq::regclass), now(), v_queue.queue_id, v_queue.queue_cur_table,
    e.ev_type, e.ev_data, v_table, e.ev_old, v_key, v_headers
  from (
    select 1 as step, tg_op as ev_type, pgq.without(coalesce(v_new, v_old), v_ignore) as ev_data, null as ev_old
    where tg_op <> 'UPDATE'
    union all
    select u.step, u.ev_type, u.ev_data, u.ev_old
    from pgq.update_events(v_old, v_new, v_keys, v_ignore, tg_argv[3] = 'old') u
    where tg_op = 'UPDATE'
    order by step
  ) e;

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
