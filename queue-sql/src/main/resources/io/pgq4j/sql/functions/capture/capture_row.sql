-- pgq.capture_row()
--
--   Internal. Row trigger of watched tables, for writes that fire no statement trigger: logical replication's apply,
--   and rows written straight to a partition. Otherwise as pgq.capture, at a price per row.
--
-- Parameters (of the trigger):
--   0-3, 5  as pgq.capture
--   4       query that answers whether the row in $1 is wanted, for a `where`; else ''
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
  v_columns jsonb;
  v_headers text := nullif(current_setting('pgq.headers', true), '');
  v_new json;
  v_old json;
  v_is boolean := tg_op <> 'DELETE';
  v_was boolean := tg_op <> 'INSERT';
begin
  select q.queue_id, q.queue_cur_table, q.queue_event_seq, q.queue_disable_insert, q.queue_per_tx_limit into v_queue
  from pgq.queue q
  where q.queue_name = tg_argv[0];
  if not found or v_queue.queue_disable_insert then
    perform pgq.refuse_insert(tg_argv[0]);
  end if;

  if tg_argv[2] <> '' then
    v_columns := pgq.sent_columns(tg_relid, tg_argv[2]::jsonb);
  end if;

  if v_was then
    v_old := row_to_json(old);
    if tg_argv[4] <> '' then
      execute tg_argv[4] into v_was using old;
    end if;
  end if;
  if v_is then
    v_new := row_to_json(new);
    if tg_argv[4] <> '' then
      execute tg_argv[4] into v_is using new;
    end if;
  end if;
  insert into pgq.event (
    ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
  select
    nextval(v_queue.queue_event_seq::regclass), now(), v_queue.queue_id, v_queue.queue_cur_table,
    e.ev_type, e.ev_data, v_table, e.ev_old, v_key, v_headers
  from (
    select u.* from pgq.update_events(v_old, v_new, v_was, v_is, v_keys, v_columns, tg_argv[3]) u order by u.step
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
