-- pgq.version()
--
--   The version of PgQ whose SQL API this is; tools written for PgQ ask for it. The version of the schema
--   itself is in pgq.schema_history.
--
-- Parameters:
--   none
-- Returns:
--   3.5, as PgQ 3.5.2 answers
-- Tables:
--   none
create or replace function pgq.version()
returns text
language sql
immutable
as $$
  select '3.5';
$$;
