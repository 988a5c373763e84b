-- pgq.without(row, columns)
--
--   Internal. A row as JSON without some of its columns, the others as they are and in their order.
--
-- Parameters:
--   i_row      the row
--   i_columns  the columns to leave out; null: none
-- Returns:
--   JSON as text
-- Tables:
--   none
create or replace function pgq.without(i_row json, i_columns text[])
returns text
language sql
immutable
as $$
  select case
    when i_columns is null then i_row::text
    else (
      select format(
        '{%s}', string_agg(to_json(c.key)::text || ':' || c.value::text, ',' order by c.ordinality))
      from json_each(i_row) with ordinality c
      where c.key <> all (i_columns))
  end;
$$;

-- pgq.update_events(old, new, keys, ignore, send_old)
--
--   Internal. The events of one updated row: UPDATE, or DELETE and INSERT when its key changed.
--
-- Parameters:
--   i_old, i_new  the row before and after
--   i_keys        key columns
--   i_ignore      columns to leave out; null: none
--   i_send_old    whether an UPDATE carries the old row
-- Returns:
--   step (1, 2), ev_type, ev_data, ev_old
-- Tables:
--   none
create or replace function pgq.update_events(
  i_old json, i_new json, i_keys text[], i_ignore text[], i_send_old boolean,
  out step integer, out ev_type text, out ev_data text, out ev_old text)
returns setof record
language sql
immutable
as $$
  select e.*
  from (
    select exists (
      select from unnest(i_keys) k where i_old ->> k is distinct from i_new ->> k) as moved
  ) m
  cross join lateral (values
    (1,
     case when m.moved then 'DELETE' else 'UPDATE' end,
     case when m.moved then pgq.without(i_old, i_ignore) else pgq.without(i_new, i_ignore) end,
     case when i_send_old and not m.moved then pgq.without(i_old, i_ignore) end),
    (2, 'INSERT', case when m.moved then pgq.without(i_new, i_ignore) end, null)
  ) e (step, ev_type, ev_data, ev_old)
  where e.step = 1 or m.moved;
$$;
