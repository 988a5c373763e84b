-- pgq.is_restored()
--
--   Internal. Whether these rows were copied here from another database, by a dump or by logical replication. Then the
--   transaction ids in ticks and events say nothing about this server's transactions, whether they are higher or
--   lower, until pgq.rebase.
--
--   pgq.lineage holds one row with the transaction that wrote it. A copy of the row is written by another
--   transaction, so its xmin tells. Physical copies, pg_upgrade and VACUUM keep xmin, frozen or not.
--
-- Parameters:
--   none
-- Returns:
--   true or false
-- Tables:
--   reads pgq.lineage
create or replace function pgq.is_restored()
returns boolean
language plpgsql
as $$
begin
  return exists (select from pgq.lineage l where l.xmin::text::bigint <> l.lin_xid);
end;
$$;

-- pgq.settle()
--
--   Internal. Makes this server the one whose transactions are meant.
--
-- Parameters:
--   none
-- Returns:
--   nothing
-- Tables:
--   writes pgq.lineage
create or replace function pgq.settle()
returns void
language plpgsql
as $$
begin
  delete from pgq.lineage;
  insert into pgq.lineage (lin_xid) values (0);
  -- Written by the same transaction, or the same part of it, so xmin stays what it is.
  update pgq.lineage l set lin_xid = l.xmin::text::bigint;
end;
$$;
