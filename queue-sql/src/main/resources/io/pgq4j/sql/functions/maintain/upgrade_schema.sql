-- pgq.upgrade_schema()
--
--   Stays for old tools and changes nothing: the schema is upgraded by installing it again (pgq-admin install).
--
-- Parameters:
--   none
-- Returns:
--   0
-- Tables:
--   none
create or replace function pgq.upgrade_schema()
returns integer
language sql
as $$
  select 0;
$$;
