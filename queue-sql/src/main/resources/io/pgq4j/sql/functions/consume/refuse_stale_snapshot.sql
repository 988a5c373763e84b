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

-- pgq.refuse_stale_positions(what)
--
--   Internal. To be called where a position was not found that may not be there: fails when the snapshot sees
--   none at all although consumers are registered.
--
-- Parameters:
--   i_what  whose position it is, for the message
-- Returns:
--   nothing
-- Errors:
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.registration, pgq.position
create or replace function pgq.refuse_stale_positions(i_what text)
returns void
language plpgsql
as $$
begin
  if exists (select from pgq.registration) and not exists (select from pgq.position) then
    perform pgq.refuse_stale_snapshot(i_what);
  end if;
end;
$$;
