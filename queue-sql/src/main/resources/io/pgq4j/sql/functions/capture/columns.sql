-- pgq.columns(table)
--
--   Internal. The columns of a table that a trigger sees: all but virtual ones (PostgreSQL 18), which are null there.
--
-- Parameters:
--   i_table  the table
-- Returns:
--   JSON array of names
-- Tables:
--   none
create or replace function pgq.columns(i_table regclass)
returns jsonb
language sql
stable
as $$
  select coalesce(jsonb_agg(a.attname order by a.attnum), '[]')
  from pg_attribute a
  where a.attrelid = i_table and a.attnum > 0 and not a.attisdropped and a.attgenerated <> 'v';
$$;
