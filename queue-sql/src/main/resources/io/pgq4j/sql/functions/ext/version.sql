-- pgq_ext.version()
--
--   The version of Skytools' pgq_ext whose SQL API this is.
--
-- Parameters:
--   none
-- Returns:
--   the version
-- Tables:
--   none
create or replace function pgq_ext.version()
returns text
language sql
immutable
as $$
  select '3.3';
$$;
