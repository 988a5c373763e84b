-- pgq.quote_fqname(name)
--
--   A qualified name, quoted for SQL. Its first dot ends the schema; without a dot the schema is public.
--
-- Parameters:
--   i_name  the name, without quotes
-- Returns:
--   the quoted name; null for null
-- Tables:
--   none
create or replace function pgq.quote_fqname(i_name text)
returns text
language sql
immutable strict
as $$
  select case
    when strpos(i_name, '.') = 0 then 'public.' || quote_ident(i_name)
    else quote_ident(split_part(i_name, '.', 1)) || '.' || quote_ident(substr(i_name, strpos(i_name, '.') + 1))
  end;
$$;
