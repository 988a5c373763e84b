-- pgq.json_value(type, value, name, row)
--
--   Internal. A value as pgq.jsontriga sends it: integers and booleans bare, dates and timestamps as in ISO 8601, all
--   else as text.
--
-- Parameters:
--   i_type   type of the column
--   i_value  the value's text
--   i_name   name of the column
--   i_row    the row as JSON, where DateStyle is not ISO
-- Returns:
--   JSON; null for null
-- Tables:
--   none
create or replace function pgq.json_value(i_type oid, i_value text, i_name text, i_row json)
returns text
language plpgsql
stable
as $$
begin
  return case
    when i_type = any ('{smallint,integer,bigint}'::regtype[]) then i_value
    when i_type = 'boolean'::regtype then case i_value when 't' then 'true' when 'f' then 'false' end
    when i_type <> all ('{date,timestamp,timestamptz}'::regtype[]) then to_json(i_value)::text
    when i_row is not null then (i_row -> i_name)::text
    when i_type = 'timestamptz'::regtype then to_json(i_value::timestamptz)::text
    when i_type = 'timestamp'::regtype then to_json(i_value::timestamp)::text
    else to_json(i_value)::text
  end;
end;
$$;
