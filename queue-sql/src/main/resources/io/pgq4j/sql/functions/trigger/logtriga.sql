-- pgq.logtriga()
--
--   The forerunner of pgq.sqltriga: the same events, but its columns are given by their places. Extension pgq 3.5
--   has it in its library only; here it is for those who still use it.
--
--     create trigger t after insert or update or delete on orders
--       for each row execute function pgq.logtriga('queue', 'kvi');
--
--   It runs with the rights of whoever changes the table.
--
-- Parameters (of the trigger):
--   0  queue
--   1  a letter for each column, in their order: k key, i ignore, any other one: send. Columns without a letter are
--      ignored
--   2  not looked at, as in PgQ
-- Returns:
--   the row
-- Errors:
--   PQ008  arguments that cannot be; a changed key, or one that is null; not an AFTER trigger
--   PQ001, PQ005  as pgq.insert_event
--   42501  the user may not call pgq.insert_event
-- Tables:
--   writes pgq.event
create or replace function pgq.logtriga()
returns trigger
language plpgsql
as $$
begin
  if pgq.row_event(
    'log', tg_relid, tg_table_schema, tg_table_name, tg_op, tg_when, tg_level, tg_argv, new, old) then
    return null;
  elsif tg_op = 'DELETE' then
    return old;
  end if;
  return new;
end;
$$;
