-- pgq.refuse_stale_snapshot(what)
--
--   Internal. Says that a row is missing which must exist: the table was compacted after the snapshot was taken, and
--   TRUNCATE leaves old snapshots an empty table.
--
-- Parameters:
--   i_what  whose row it is, for the message
-- Returns:
--   nothing: it always fails
-- Errors:
--   40001  the snapshot is too old; a new transaction will do
-- Tables:
--   none
create or replace function pgq.refuse_stale_snapshot(i_what text)
returns bigint
language plpgsql
as $$
begin
  raise exception 'snapshot too old to see the position of %', i_what
    using errcode = '40001', hint = 'Repeat this in a new transaction, best under READ COMMITTED.';
end;
$$;
