-- pgq.row_event(format, table, schema, name, operation, when, level, arguments, new, old)
--
--   Internal. What pgq.jsontriga, logutriga, sqltriga and logtriga have in common: makes the event of a row, or of a
--   TRUNCATE, and inserts it. All of it runs with the rights and the search_path of whoever changes the table, as
--   the expressions in the arguments must: they are code of the table's owner.
--
-- Parameters:
--   i_format  json, url, sql or log
--   i_table   tg_relid
--   i_schema  tg_table_schema
--   i_name    tg_table_name
--   i_op      tg_op
--   i_when    tg_when
--   i_level   tg_level
--   i_args    tg_argv
--   i_new, i_old  the row
-- Returns:
--   true when the operation itself is to be skipped
-- Errors:
--   as pgq.jsontriga
-- Tables:
--   writes pgq.event
create or replace function pgq.row_event(
  i_format text, i_table oid, i_schema text, i_name text, i_op text, i_when text, i_level text, i_args text[],
  i_new record, i_old record)
returns boolean
language plpgsql
as $$
declare
  v_options record;
  v_pkey text;
  v_type text;
  v_fields text[];
  v_row record;
  v_new_json json;
  v_old_json json;
begin
  if current_setting('session_replication_role') = 'local' then
    return false;
  end if;
  if i_format = 'log' and i_when <> 'AFTER' then
    raise exception 'pgq.logtriga must be fired AFTER'
      using errcode = 'PQ008', hint = 'Create the trigger AFTER, or use pgq.sqltriga.';
  end if;
  if i_op <> 'TRUNCATE' and i_level <> 'ROW' then
    raise exception 'pgq Ins/Upd/Del trigger must be fired FOR EACH ROW'
      using errcode = 'PQ008', hint = 'Create the trigger FOR EACH ROW.';
  end if;
  v_options := pgq.row_options(i_format, i_op, i_when, i_args);

  v_pkey := v_options.pkey;
  if v_pkey is null and i_format <> 'log' then
    select string_agg(a.attname::text, ',' order by a.attnum) into v_pkey
    from pg_catalog.pg_index i
    join pg_catalog.pg_attribute a on a.attrelid = i.indexrelid
    where i.indrelid = i_table
      and i.indisprimary;
  end if;
  if coalesce(v_pkey, '') = '' and i_op in ('UPDATE', 'DELETE') and i_format <> 'log' then
    raise exception 'Update/Delete on table without pkey'
      using errcode = 'PQ008',
            detail = format('Table: %I.%I.', i_schema, i_name),
            hint = 'Give the table a primary key, or name columns with pkey=.';
  end if;
  if v_options.deny then
    raise exception 'Table ''%.%'' to queue ''%'': change not allowed (%)', i_schema, i_name, i_args[0], i_op
      using errcode = 'PQ008',
            hint = 'The argument deny of the trigger refuses all changes; drop the trigger to allow them.';
  end if;

  v_type := case
    when i_format = 'json' then format(
      '{"op":"%s","table":%s,"pkey":%s}', i_op, to_json(array[i_schema, i_name]),
      coalesce(to_json(case when v_pkey = '' then array[''] else string_to_array(v_pkey, ',') end), '[]'))
    when i_op = 'TRUNCATE' then 'R'
    when i_format = 'url' then left(i_op, 1) || ':' || coalesce(v_pkey, '')
    else left(i_op, 1)
  end;

  if i_op = 'TRUNCATE' then
    v_fields := array[
      v_type, case when i_format = 'json' then '{}' else '' end, i_schema || '.' || i_name, null, null, null];
  else
    -- to_json writes dates as in ISO 8601 whatever DateStyle says; where that is ISO, their text tells as much
    if i_format = 'json' and current_setting('DateStyle') not like 'ISO%' then
      v_new_json := row_to_json(i_new);
      v_old_json := row_to_json(i_old);
    end if;
    v_row := pgq.row_fields(
      i_format, i_table, i_op, i_when, v_options.ignore, v_pkey, v_options.kinds, v_options.backup and i_op = 'UPDATE',
      i_new::text, i_old::text, v_new_json, v_old_json, i_new, i_old);
    v_fields := v_row.fields;
    v_fields[1] := case when v_row.magic[1] then v_fields[1] else v_type end;
    v_fields[3] := case when v_row.magic[3] then v_fields[3] else i_schema || '.' || i_name end;

    if v_row.key_changed then
      raise exception 'primary key update not allowed'
        using errcode = 'PQ008',
              detail = format('Table: %I.%I.', i_schema, i_name),
              hint = 'Delete the row and insert it anew, or use pgq.watch_table, which sends it that way.';
    elsif v_row.dull then
      return v_options.skip;
    elsif v_row.key_unknown then
      raise exception 'logtriga: Unexpected NULL key value'
        using errcode = 'PQ008',
              detail = format('Table: %I.%I.', i_schema, i_name),
              hint = 'Name columns with pkey= that are never null.';
    end if;

    if v_options.expressions is not null then
      if i_op = 'DELETE' then
        v_fields := pgq.row_expressions(i_table, v_options.expressions, v_fields, i_old);
      else
        v_fields := pgq.row_expressions(i_table, v_options.expressions, v_fields, i_new);
      end if;
      if v_fields is null then
        return v_options.skip;
      end if;
    end if;
  end if;

  perform pgq.insert_event(
    i_args[0], v_fields[1], v_fields[2], v_fields[3], v_fields[4], v_fields[5], v_fields[6]);
  return v_options.skip;
end;
$$;
