-- pgq.row_values(row)
--
--   Internal. The values of a row that was written as text, as (1,"a b",,t): each as its type's output function wrote
--   it.
--
-- Parameters:
--   i_row  the row as text
-- Returns:
--   the values, in the order of the columns that are not dropped
-- Tables:
--   none
create or replace function pgq.row_values(i_row text)
returns text[]
language plpgsql
immutable strict
as $$
begin
  if strpos(i_row, '"') = 0 then
    return string_to_array(substr(i_row, 2, length(i_row) - 2), ',', '');
  end if;
  return array(
    select
      case
        when m[1] like '"%' then replace(replace(substr(m[1], 2, length(m[1]) - 2), '""', '"'), E'\\\\', E'\\')
        else nullif(m[1], '')
      end
    from regexp_matches(substr(i_row, 2), E'("(?:[^"\\\\]|""|\\\\\\\\)*"|[^,()"]*)[,)]', 'g') m);
end;
$$;
