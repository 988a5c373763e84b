-- pgq.get_batch_events(batch_id)
-- pgq.get_batch_cursor(batch_id, cursor, quick_limit)
-- pgq.get_batch_cursor(batch_id, cursor, quick_limit, extra_where)
--
--   The events of an open batch, by ev_id: all at once, or by a cursor that the function declares and whose
--   first rows it returns; the rest is read by FETCH in the same transaction.
--
--   Both run with the rights of the caller, so extra_where can do nothing that the caller could not.
--
-- Parameters:
--   i_batch_id     the batch
--   i_cursor_name  name of the cursor to declare
--   i_quick_limit  how many rows to return at once
--   i_extra_where  SQL condition over the columns returned; null: all
-- Returns:
--   ev_id, ev_time, ev_txid, ev_retry (null: not retried), ev_type, ev_data, ev_extra1 … ev_extra4;
--   by a cursor nothing, and none is declared, when one of the first three arguments is null
-- Errors:
--   PQ003  the batch is not open
--   42501  another role opened it
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.position, pgq.registration, pgq.tick, pgq.event_<id>
create or replace function pgq.get_batch_cursor(
  i_batch_id bigint, i_cursor_name text, i_quick_limit integer, i_extra_where text,
  out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer, out ev_type text,
  out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
set jit = off
set constraint_exclusion = off
as $$
begin
  if i_batch_id is null or i_cursor_name is null or i_quick_limit is null then
    return;
  end if;
  execute format(
    E'declare %I no scroll cursor for select * from (%s) e where (%s\n)',
    i_cursor_name, pgq.batch_query(i_batch_id), coalesce(i_extra_where, 'true'));
  return query execute format('fetch forward %s from %I', i_quick_limit, i_cursor_name);
end;
$$;

create or replace function pgq.get_batch_cursor(
  i_batch_id bigint, i_cursor_name text, i_quick_limit integer,
  out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer, out ev_type text,
  out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
returns setof record
language sql
as $$
  select c.* from pgq.get_batch_cursor(i_batch_id, i_cursor_name, i_quick_limit, null) c;
$$;

create or replace function pgq.get_batch_events(
  i_batch_id bigint,
  out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer, out ev_type text,
  out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
set jit = off
set constraint_exclusion = off
as $$
begin
  return query execute pgq.batch_query(i_batch_id);
end;
$$;

-- pgq.batch_query(batch_id)
--
--   Internal. The query by which the events of a batch are read, by ev_id.
--
--   To plan that of pgq.batch_event_sql takes longer than all else that a small batch needs. So a small one is read
--   by the queue's function, which keeps its plan (pgq.create_reader); a large one, which the function would copy
--   once more before the first row is returned, is planned. The planner knows little of tables without statistics: it
--   would compile plans, and try to prove of each slot that it holds nothing, if those who run this did not forbid it.
--
-- Parameters:
--   i_batch_id  an open batch
-- Returns:
--   SQL text that selects ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1 … ev_extra4
-- Errors:
--   PQ003  the batch is not open
--   42501  another role opened it
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.position, pgq.registration, pgq.tick
create or replace function pgq.batch_query(i_batch_id bigint)
returns text
language plpgsql
as $$
declare
  v_small constant integer := 1000;
  v_batch record := pgq.batch_window(i_batch_id);
begin
  if v_batch.event_ids > v_small then
    return pgq.batch_event_sql(i_batch_id) || ' order by ev_id';
  end if;
  return format(
    'select * from pgq.event_%s_read(%s, %s, %s, %L, %L)',
    v_batch.queue_id, v_batch.sub_id, v_batch.from_txid, v_batch.to_txid, v_batch.snapshot, v_batch.ended);
end;
$$;
