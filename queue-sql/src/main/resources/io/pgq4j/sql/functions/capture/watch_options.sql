-- pgq.watch_options(table, options)
--
--   Internal. Checks the options of pgq.watch_table and fills in the defaults.
--
-- Parameters:
--   i_table    the table to watch
--   i_options  what the caller gave; null: none
-- Returns:
--   JSON object with all options set; `where` may be null
-- Errors:
--   PQ008  unknown option, operation, level or column; wrong type of a value; a table that cannot be watched
--   42…    a `where` that is not valid SQL for this table
-- Tables:
--   none
create or replace function pgq.watch_options(i_table regclass, i_options jsonb)
returns jsonb
language plpgsql
as $$
declare
  v_types constant jsonb := '{
    "operations": "array", "columns": "array", "ignore": "array", "mask": "array", "key": "array",
    "old_row": "boolean or string", "skip_unchanged": "boolean", "where": "string", "level": "string",
    "always": "boolean"}';
  v_given jsonb := coalesce(i_options, '{}');
  v_options jsonb;
  v_bad text;
begin
  if not exists (
    select from pg_class c
    where c.oid = i_table and c.relkind in ('r', 'p') and c.relnamespace <> 'pgq'::regnamespace)
  then
    raise exception 'cannot watch %', coalesce(i_table::text, 'null')
      using errcode = 'PQ008',
            hint = 'Watch an ordinary or partitioned table outside of schema pgq; for a view, watch its tables.';
  end if;

  if jsonb_typeof(v_given) <> 'object' then
    v_bad := 'the options are not a JSON object';
  else
    select string_agg(format('option "%s" %s', o.key,
        case when v_types ? o.key then 'is not of type ' || (v_types ->> o.key) else 'is unknown' end), '; ') into v_bad
    from jsonb_each(v_given) o
    where not v_types ? o.key
      or (o.value <> 'null' and jsonb_typeof(o.value) <> all (string_to_array(v_types ->> o.key, ' or ')));
  end if;
  if v_bad is not null then
    raise exception 'cannot watch %: %', i_table, v_bad
      using errcode = 'PQ008',
            hint = 'Options: operations, columns, ignore, mask, key (arrays of text), skip_unchanged, always '
              '(true or false), old_row (true, false or "changed"), where, level (text).';
  end if;

  v_options := jsonb_build_object(
      'operations', '["insert", "update", "delete", "truncate"]'::jsonb,
      'columns', null, 'ignore', '[]'::jsonb, 'mask', '[]'::jsonb, 'key', pgq.primary_key(i_table),
      'old_row', false, 'skip_unchanged', false, 'where', null, 'level', 'statement', 'always', false)
    || jsonb_strip_nulls(v_given);

  select string_agg(b.message, '; ') into v_bad
  from (
    select format('no operation "%s"', o) as message
    from jsonb_array_elements_text(v_options -> 'operations') o
    where coalesce(o, '') not in ('insert', 'update', 'delete', 'truncate')
    union all
    select format('no column "%s"', c)
    from jsonb_array_elements_text(
      coalesce(nullif(v_options -> 'columns', 'null'), '[]')
        || (v_options -> 'ignore') || (v_options -> 'mask') || (v_options -> 'key')) c
    where coalesce(not pgq.columns(i_table) ? c, true)
    union all
    select format('no level "%s"', v_options ->> 'level') where v_options ->> 'level' not in ('statement', 'row')
    union all
    select 'old_row is neither true, false nor "changed"'
    where jsonb_typeof(v_options -> 'old_row') = 'string' and v_options ->> 'old_row' <> 'changed'
    union all
    select 'no operation is given' where v_options -> 'operations' = '[]'
  ) b;
  if v_bad is not null then
    raise exception 'cannot watch %: %', i_table, v_bad
      using errcode = 'PQ008',
            hint = 'Operations: insert, update, delete, truncate. Levels: statement, row. Columns: those of the table.';
  end if;

  if v_options ->> 'where' is not null then
    execute format(E'select from %s n where (%s\n) limit 0', i_table, v_options ->> 'where');
  end if;
  return v_options;
end;
$$;

-- pgq.primary_key(table)
--
--   Internal. The columns of a table's primary key.
--
-- Parameters:
--   i_table  the table
-- Returns:
--   JSON array of names in the order of the key; empty when it has none
-- Tables:
--   none
create or replace function pgq.primary_key(i_table regclass)
returns jsonb
language sql
stable
as $$
  select coalesce(jsonb_agg(a.attname order by k.place), '[]')
  from pg_index i
  cross join lateral unnest(i.indkey::int2[]) with ordinality k (attnum, place)
  join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
  where i.indrelid = i_table and i.indisprimary and k.place <= i.indnkeyatts;
$$;
