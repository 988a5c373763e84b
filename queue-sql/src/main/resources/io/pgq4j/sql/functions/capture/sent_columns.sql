-- pgq.sent_columns(table, shape)
--
--   Internal. The columns of a table that a watch sends, as they are named now.
--
--   A column to leave out or mask may have been renamed, and what it is called now cannot be known. So when one of
--   them is missing, only columns that were there when the table was watched are sent: a secret never goes out
--   under a new name.
--
-- Parameters:
--   i_table  the table that the trigger fires for
--   i_shape  JSON object of arrays: columns (null: all), ignore, mask, known (columns when it was watched)
-- Returns:
--   columns to send, as pgq.shaped takes them
-- Tables:
--   none
create or replace function pgq.sent_columns(i_table oid, i_shape jsonb)
returns jsonb
language sql
stable
as $$
  with attribute as materialized (
    select a.name from jsonb_array_elements_text(pgq.columns(i_table)) a (name)
  ), missing as (
    select from jsonb_array_elements_text((i_shape -> 'ignore') || (i_shape -> 'mask')) m
    where m not in (select a.name from attribute a)
  )
  select coalesce(jsonb_object_agg(a.name, i_shape -> 'mask' ? a.name), '{}')
  from attribute a
  where not i_shape -> 'ignore' ? a.name
    and (i_shape -> 'columns' = 'null' or i_shape -> 'columns' ? a.name)
    and (i_shape -> 'known' ? a.name or not exists (select from missing));
$$;

-- pgq.shaped(row, columns)
--
--   Internal. A row as JSON with the columns that are to be sent, in their order; the value of a masked one is "***",
--   unless it is null. Not in SQL: that would be inlined, and its start paid for by statements that send all columns.
--
-- Parameters:
--   i_row      the row
--   i_columns  JSON object: a key for each column to send, true when it is masked; null: send all as they are
-- Returns:
--   JSON as text
-- Tables:
--   none
create or replace function pgq.shaped(i_row json, i_columns jsonb)
returns text
language plpgsql
immutable
as $$
begin
  if i_columns is null then
    return i_row::text;
  end if;
  return (
    select format('{%s}', string_agg(
      to_json(c.key)::text || ':'
        || case
             when i_columns -> c.key = 'true' and json_typeof(c.value) <> 'null' then '"***"'
             else c.value::text
           end,
      ',' order by c.ordinality))
    from json_each(i_row) with ordinality c
    where i_columns ? c.key);
end;
$$;
