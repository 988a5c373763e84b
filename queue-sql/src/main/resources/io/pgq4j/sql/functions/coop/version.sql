-- pgq_coop.version()
--
--   The version of Skytools' pgq_coop whose SQL API this is.
--
-- Parameters:
--   none
-- Returns:
--   the version
-- Tables:
--   none
create or replace function pgq_coop.version()
returns text
language sql
immutable
as $$
  select '3.4';
$$;
