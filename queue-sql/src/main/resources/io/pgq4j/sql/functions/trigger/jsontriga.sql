-- pgq.jsontriga()
--
--   PgQ's row trigger that sends a changed row as JSON. New tables are better served by pgq.watch_table;
--   docs/how-to/row-triggers.md tells the differences.
--
--     ev_type    {"op":"UPDATE","table":["public","orders"],"pkey":["id"]}
--     ev_data    {"id":1,"amount":"9.90","paid":true,"at":"2024-02-29T12:00:00+00:00","note":null}
--     ev_extra1  schema.table
--   Integers and booleans are bare. Dates and timestamps are as in ISO 8601. All else is the type's text in quotes:
--   also numeric, json and arrays. A DELETE has the old row, TRUNCATE {}.
--
--   It runs with the rights of whoever changes the table; so do the expressions in its arguments.
--
-- Parameters (of the trigger):
--   0     queue
--   more  in any order:
--     SKIP           BEFORE and INSTEAD OF triggers: the operation itself is not done
--     ignore=c1,c2   columns to leave out; an UPDATE of nothing else makes no event
--     pkey=c1,c2     columns that identify a row; default the primary key
--     backup         the old row of an UPDATE in ev_extra2
--     deny           no event: every change is refused
--     when=EXPR      no event where the condition on the row is false
--     ev_type=EXPR … ev_data=, ev_extra1= to ev_extra4=: what to send instead
--   Columns of the table named _pgq_ev_type, _pgq_ev_data, _pgq_ev_extra1 … are not sent but fill that field.
-- Returns:
--   the row, or null with SKIP
-- Errors:
--   PQ008  arguments that cannot be; a changed key; UPDATE or DELETE without a key; deny
--   PQ001, PQ005  as pgq.insert_event
--   42501  the user may not call pgq.insert_event
-- Tables:
--   writes pgq.event
create or replace function pgq.jsontriga()
returns trigger
language plpgsql
as $$
begin
  if pgq.row_event(
    'json', tg_relid, tg_table_schema, tg_table_name, tg_op, tg_when, tg_level, tg_argv, new, old) then
    return null;
  elsif tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end;
$$;
