-- pgq.row_fields(format, table, operation, when, ignore, key, kinds, backup, row texts and JSON, rows)
--
--   Internal. The payload of the event of one row, with the text of each value as its type's output function wrote it.
--   Values are compared by the equality of their types, arrays as text. Lists of names are searched as PgQ searches
--   them: names end at commas and blanks.
--
-- Parameters:
--   i_format    json, url, sql or log
--   i_table     the table
--   i_op        INSERT, UPDATE or DELETE
--   i_when      tg_when
--   i_ignore    columns to leave out; null: not given
--   i_pkey      key columns, separated by commas
--   i_kinds     logtriga's letters; null in the others
--   i_backup    whether the old row goes into ev_extra2
--   i_new_text, i_old_text  the rows as text
--   i_new_json, i_old_json  the rows as JSON, where dates are not written as in ISO 8601; else null
--   i_new, i_old  the rows
-- Returns:
--   fields       null, ev_data, null, ev_extra2, null, null; and what the table's columns _pgq_ev_… say
--   magic        which fields such a column fills
--   key_changed  an UPDATE changed the key
--   dull         an UPDATE changed nothing but ignored columns
--   key_unknown  sqltriga: a part of the key is null
-- Errors:
--   PQ008  unknown column _pgq_ev_…; a letter k of logtriga where there is no column
-- Tables:
--   none
create or replace function pgq.row_fields(
  i_format text, i_table oid, i_op text, i_when text, i_ignore text, i_pkey text, i_kinds text, i_backup boolean,
  i_new_text text, i_old_text text, i_new_json json, i_old_json json, i_new record, i_old record,
  out fields text[], out magic boolean[], out key_changed boolean, out dull boolean, out key_unknown boolean)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
-- planning the query takes much longer than running it
set plan_cache_mode = force_generic_plan
as $$
declare
  v_sql boolean := i_format in ('sql', 'log');
  -- whether changes of ignored columns are no changes
  v_choosy boolean := i_op = 'UPDATE' and (v_sql or i_ignore is not null);
  v_new text[] := pgq.row_values(i_new_text);
  v_old text[] := pgq.row_values(i_old_text);
  v_blanks text := E' \t\n\r\f\v';
  v_pkey text := ',' || translate(i_pkey, v_blanks, ',,,,,,') || ',';
  v_ignore text := ',' || translate(i_ignore, v_blanks, ',,,,,,') || ',';
  v_row record;
  v_field integer;
begin
  select
    count(*) as columns,
    string_agg(
      case
        when i_format = 'json' then
          to_json(c.name)::text || ':' || coalesce(pgq.json_value(c.type, c.now, c.name, c.now_json), 'null')
        when i_format = 'url' then pgq.encode_url(c.name) || coalesce('=' || pgq.encode_url(c.now), '')
        when i_op = 'INSERT' then coalesce(quote_literal(c.now), 'null')
        when c.changed then quote_ident(c.name) || '=' || coalesce(quote_literal(c.now), 'NULL')
      end,
      case when i_format = 'url' then '&' else ',' end order by c.place) filter (where c.sent) as data,
    string_agg(
      case
        when i_format = 'json' then
          to_json(c.name)::text || ':' || coalesce(pgq.json_value(c.type, c.old, c.name, i_old_json), 'null')
        else pgq.encode_url(c.name) || coalesce('=' || pgq.encode_url(c.old), '')
      end,
      case when i_format = 'json' then ',' else '&' end order by c.place) filter (where c.sent and i_backup) as backup,
    string_agg(quote_ident(c.name), ',' order by c.place) filter (where c.sent and v_sql) as names,
    array_agg(quote_ident(c.name) || '=' || quote_literal(c.old) order by c.place)
      filter (where c.key and v_sql and not c.magic) as keys,
    bool_or(c.changed) filter (where c.key and not (c.magic and i_kinds is null)) as key_changed,
    bool_or(c.changed) filter (where c.sent) as sent_changed,
    bool_or(c.changed) filter (where not c.sent) as other_changed,
    array_agg(c.name) filter (where c.magic) as magic,
    array_agg(c.now) filter (where c.magic) as magic_values
  into v_row
  from (
    select
      b.*,
      case
        when i_op <> 'UPDATE' or not (v_choosy or b.key) or b.now is not distinct from b.old then false
        when b.now is null or b.old is null then true
        when b.type = any ('{smallint,integer,bigint,boolean,text,varchar,uuid,date,timestamp,timestamptz,bytea}'
            ::regtype[])
          and b.plain then true
        when b.type = 'numeric'::regtype then b.now::numeric <> b.old::numeric
        when (select y.typcategory from pg_type y where y.oid = b.type) = 'A' then true
        else not pgq.same_value(b.name, i_old, i_new)
      end as changed
    from (
      select
        a.place, a.name, a.type, a.magic, a.plain,
        v_old[a.place] as old,
        case when a.from_old then v_old[a.place] else v_new[a.place] end as now,
        case when a.from_old then i_old_json else i_new_json end as now_json,
        case
          when i_kinds is null then strpos(v_pkey, ',' || translate(a.name, v_blanks, ',,,,,,') || ',') > 0
          else substr(i_kinds, a.place, 1) = 'k'
        end as key,
        not a.magic and case
          when i_kinds is not null then substr(i_kinds, a.place, 1) not in ('', 'i')
          else coalesce(strpos(v_ignore, ',' || translate(a.name, v_blanks, ',,,,,,') || ',') = 0, true)
        end as sent
      from (
        select
          (row_number() over (order by a.attnum))::integer as place, a.attname::text as name, a.atttypid as type,
          a.attname like E'\\_pgq\\_ev\\_%' as magic,
          a.attcollation in (0, 'pg_catalog."default"'::regcollation, 'pg_catalog."C"'::regcollation) as plain,
          -- before an UPDATE, PL/pgSQL has null in the new row's generated columns; PgQ sends the old values
          i_op = 'DELETE' or a.attgenerated <> '' and i_op = 'UPDATE' and i_when = 'BEFORE' as from_old
        from pg_attribute a
        where a.attrelid = i_table
          and a.attnum > 0
          and not a.attisdropped
      ) a
    ) b
    offset 0
  ) c;

  if v_row.columns <= length(i_kinds) - strpos(reverse(i_kinds), 'k') then
    raise exception 'key column does not exist'
      using errcode = 'PQ008', hint = 'Give a letter for each column of the table, in their order.';
  end if;
  key_changed := coalesce(v_row.key_changed, false);
  dull := v_choosy and coalesce(v_row.other_changed, false) and not coalesce(v_row.sent_changed, false);
  key_unknown := v_sql and i_op <> 'INSERT' and array_position(v_row.keys, null) is not null;

  fields := array_fill(null::text, array[6]);
  fields[2] := case
    when i_format = 'json' then '{' || coalesce(v_row.data, '') || '}'
    when i_format = 'url' then coalesce(v_row.data, '')
    when i_op = 'INSERT' then '(' || coalesce(v_row.names, '') || ') values (' || coalesce(v_row.data, '') || ')'
    else coalesce(array_to_string(v_row.keys, ' and '), '')
  end;
  if v_sql and i_op = 'UPDATE' then
    -- where nothing changed, PgQ sets the key
    key_unknown := key_unknown or v_row.data is null and v_row.keys is null;
    fields[2] := coalesce(v_row.data, v_row.keys[1], '') || ' where ' || fields[2];
  end if;
  if i_backup then
    fields[4] := case when i_format = 'json' then '{' || v_row.backup || '}' else v_row.backup end;
  end if;

  for v_column in 1 .. coalesce(cardinality(v_row.magic), 0) loop
    v_field := array_position(
      array[
        '_pgq_ev_type', '_pgq_ev_data', '_pgq_ev_extra1', '_pgq_ev_extra2', '_pgq_ev_extra3', '_pgq_ev_extra4'],
      v_row.magic[v_column]);
    if v_field is null then
      raise exception 'Unknown magic column: %', v_row.magic[v_column]
        using errcode = 'PQ008',
              hint = 'Columns _pgq_ev_type, _pgq_ev_data, _pgq_ev_extra1 to _pgq_ev_extra4 fill a field of the event.';
    end if;
    fields[v_field] := v_row.magic_values[v_column];
    magic[v_field] := true;
  end loop;
end;
$$;
