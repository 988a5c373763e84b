-- pgq.sqltriga()
--
--   PgQ's row trigger that sends the SQL to repeat a change, without the name of the table. New tables are better
--   served by pgq.watch_table.
--
--     ev_type    I, U, D; R for TRUNCATE
--     ev_data    (id,amount) values ('1','9.90')
--                amount='9.90' where id='1'      only what changed; where nothing did, the key
--                id='1'
--     ev_extra1  schema.table
--
--   It runs with the rights of whoever changes the table; so do the expressions in its arguments.
--
-- Parameters (of the trigger):
--   0     queue
--   more  in any order:
--     SKIP           BEFORE and INSTEAD OF triggers: the operation itself is not done
--     ignore=c1,c2   columns to leave out; an UPDATE of nothing else makes no event
--     pkey=c1,c2     columns that identify a row; default the primary key
--     backup         the old row of an UPDATE in ev_extra2, url-encoded
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
create or replace function pgq.sqltriga()
returns trigger
language plpgsql
as $$
begin
  if pgq.row_event(
    'sql', tg_relid, tg_table_schema, tg_table_name, tg_op, tg_when, tg_level, tg_argv, new, old) then
    return null;
  elsif tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end;
$$;
