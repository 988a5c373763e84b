-- pgq.same_value(column, old, new)
--
--   Internal. Whether a value is still the same by the equality of its type, although it is written otherwise. Types
--   that have none (json, xml, point …) are compared as text.
--
-- Parameters:
--   i_column      name of the column
--   i_old, i_new  the rows
-- Returns:
--   whether the values are the same; nulls are
-- Tables:
--   none
create or replace function pgq.same_value(i_column text, i_old record, i_new record)
returns boolean
language plpgsql
as $$
declare
  v_same boolean;
begin
  execute format('select record_eq(row(($1).%1$I), row(($2).%1$I))', i_column) into v_same using i_old, i_new;
  return v_same;
exception
  when undefined_function then
    return false;
end;
$$;
