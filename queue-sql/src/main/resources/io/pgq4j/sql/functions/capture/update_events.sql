-- pgq.changed_columns(old, new, columns)
--
--   Internal. The columns that an update changed, among those that are sent.
--
-- Parameters:
--   i_old, i_new  the row before and after
--   i_columns     columns to send, as pgq.shaped takes them
-- Returns:
--   those that changed, as pgq.shaped takes them
-- Tables:
--   none
create or replace function pgq.changed_columns(i_old json, i_new json, i_columns jsonb)
returns jsonb
language sql
immutable
as $$
  select coalesce(jsonb_object_agg(c.key, coalesce(i_columns -> c.key, 'false')), '{}')
  from rows from (json_each(i_old), json_each(i_new)) c (key, old, same_key, new)
  where c.old::text <> c.new::text and (i_columns is null or i_columns ? c.key);
$$;

-- pgq.update_events(old, new, was, is, keys, columns, send_old)
--
--   Internal. The events of one changed row: UPDATE; DELETE and INSERT when its key changed; DELETE when it left the
--   condition of the watch; INSERT when it came into it.
--
-- Parameters:
--   i_old, i_new  the row before and after
--   i_was, i_is   whether it met the condition before, and does now; null: no
--   i_keys        key columns
--   i_columns     columns to send, as pgq.shaped takes them
--   i_send_old    what an UPDATE carries of the old row: 'old' all, 'changed' the columns that changed, '' nothing;
--                 ending in 'skip': an UPDATE that changed nothing of what is sent makes no event
-- Returns:
--   step (1, 2), ev_type, ev_data, ev_old
-- Tables:
--   none
create or replace function pgq.update_events(
  i_old json, i_new json, i_was boolean, i_is boolean, i_keys text[], i_columns jsonb, i_send_old text,
  out step integer, out ev_type text, out ev_data text, out ev_old text)
returns setof record
language sql
immutable
as $$
  select e.step, e.ev_type, pgq.shaped(e.ev_row, i_columns), e.ev_old
  from (
    select
      exists (
        select from unnest(i_keys) k where i_old ->> k is distinct from i_new ->> k) as moved,
      case when i_send_old not in ('', 'old') then pgq.changed_columns(i_old, i_new, i_columns) end as changed
  ) m
  cross join lateral (values
    (1, 'DELETE', i_old, null, i_was and (m.moved or i_is is not true)),
    (1, 'UPDATE', i_new,
     case
       when i_send_old like 'old%' then pgq.shaped(i_old, i_columns)
       when i_send_old like 'changed%' then pgq.shaped(i_old, m.changed)
     end,
     i_was and i_is and not m.moved and not (i_send_old like '%skip' and m.changed = '{}')),
    (2, 'INSERT', i_new, null, i_is and (m.moved or i_was is not true))
  ) e (step, ev_type, ev_row, ev_old, wanted)
  where e.wanted;
$$;
