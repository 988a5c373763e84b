-- pgq.row_expressions(table, expressions, fields, row)
--
--   Internal. Evaluates the expressions in the arguments of a row trigger, with the rights of the caller.
--
-- Parameters:
--   i_table        the table
--   i_expressions  of ev_type, ev_data, ev_extra1 … ev_extra4 and when; null elements: not given
--   i_fields       ev_type … ev_extra4
--   i_row          the row
-- Returns:
--   the fields of the event; null when `when` is false: no event
-- Errors:
--   PQ008  `when` is null or no boolean; more or less than one row
--   42…    the expression is no SQL for this table
-- Tables:
--   none
create or replace function pgq.row_expressions(i_table oid, i_expressions text[], i_fields text[], i_row record)
returns text[]
language plpgsql
as $$
declare
  v_fields text[] := i_fields;
  v_text text;
  v_type oid;
  v_count bigint;
begin
  for v_field in 1 .. 7 loop
    continue when i_expressions[v_field] is null;
    v_text := null;
    v_type := 0;
    if btrim(i_expressions[v_field]) <> '' then
      execute format(
        'select case when v.x is distinct from null then pg_catalog.format(''%%s'', v.x) end, '
        'pg_catalog.pg_typeof(v.x), pg_catalog.count(*) over () from (select %s' || E'\n' || ') v (x)',
        pgq.row_expression(i_table, i_expressions[v_field]))
      into v_text, v_type, v_count
      using i_row;
      if v_count is distinct from 1 then
        raise exception 'Expect 1 row from override query, got %', coalesce(v_count, 0)
          using errcode = 'PQ008', hint = 'Write an expression that has one value.';
      end if;
    end if;
    if v_field < 7 then
      v_fields[v_field] := v_text;
    elsif v_type <> 'boolean'::regtype then
      raise exception 'when= query result must be boolean, got=%', v_type
        using errcode = 'PQ008', detail = format('Its type is %s.', v_type::regtype), hint = 'Write a condition.';
    elsif v_text is null then
      raise exception 'when= should not be NULL'
        using errcode = 'PQ008', hint = 'Use coalesce(…, false), or IS TRUE.';
    elsif v_text = 'f' then
      return null;
    end if;
  end loop;
  return v_fields;
end;
$$;

-- pgq.row_expression(table, expression)
--
--   Internal. The expression of an argument like when=, with the table's columns taken from the row in $1: every name
--   that is a column becomes that column, also within a subquery, as PgQ does it. Names in strings, comments and after
--   a dot stay. Names count as they are written: ID is not the column id.
--
-- Parameters:
--   i_table       the table
--   i_expression  SQL
-- Returns:
--   SQL
-- Tables:
--   none
create or replace function pgq.row_expression(i_table oid, i_expression text)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $function$
declare
  -- a string, a number, a name with its dots, a comment, or the tag of a string; else one character
  v_pattern text :=
    E'^(?:'
    '[eE]\'(?:[^\'\\\\]|\\\\.|\'\')*\'|(?:[bBnNxX]|[uU]&)?\'(?:[^\']|\'\')*\''
    '|\\d[\\w.]*'
    '|(?:[[:alpha:]_][\\w$]*|"(?:[^"]|"")*")(?:\\s*\\.\\s*(?:[[:alpha:]_][\\w$]*|"(?:[^"]|"")*"))*'
    '|--[^\\n]*|/\\*(?:[^*]|\\*+[^*/])*\\*+/'
    '|\\$(?:[[:alpha:]_]\\w*)?\\$'
    '|.)';
  v_rest text := i_expression;
  v_token text;
  v_end integer;
  v_sql text := '';
begin
  loop
    v_token := substring(v_rest from v_pattern);
    exit when v_token is null;
    v_rest := substr(v_rest, length(v_token) + 1);
    if v_token ~ E'^\\$.*\\$$' then
      v_end := strpos(v_rest, v_token);
      if v_end > 0 then
        v_end := v_end + length(v_token) - 1;
        v_token := v_token || left(v_rest, v_end);
        v_rest := substr(v_rest, v_end + 1);
      end if;
    elsif v_token ~ '^[[:alpha:]_"]' then
      v_token := coalesce(
        (select format('($1).%I', a.attname)
         from pg_attribute a
         where a.attrelid = i_table
           and a.attnum > 0
           and not a.attisdropped
           and a.attname = case
             when v_token like '"%' then replace(trim(both '"' from v_token), '""', '"')
             else v_token
           end),
        v_token);
    end if;
    v_sql := v_sql || v_token;
  end loop;
  return v_sql;
end;
$function$;
