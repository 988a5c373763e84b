-- pgq.create_watch(table, queue, operation, options)
--
--   Internal. Creates one trigger of a watch.
--
-- Parameters:
--   i_table    the table
--   i_queue    row of the queue
--   i_op       insert, update, delete or truncate
--   i_options  options as pgq.watch_options returns them
-- Returns:
--   nothing
-- Tables:
--   creates trigger pgq_<queue_id>_<operation> on the table
create or replace function pgq.create_watch(i_table regclass, i_queue pgq.queue, i_op text, i_options jsonb)
returns void
language plpgsql
as $$
declare
  v_row boolean := i_options ->> 'level' = 'row' and i_op <> 'truncate';
  v_where text := i_options ->> 'where';
  v_key text[] := array(select jsonb_array_elements_text(i_options -> 'key'));
  v_trigger text := format('pgq_%s_%s', i_queue.queue_id, i_op);
  v_shape jsonb := '{"columns": null, "ignore": [], "mask": []}';
  v_given jsonb := (select jsonb_object_agg(k, i_options -> k) from jsonb_object_keys(v_shape) k);
  v_virtual constant boolean := exists (
    select from pg_attribute a where a.attrelid = i_table and a.attgenerated = 'v' and not a.attisdropped);
  v_whole constant boolean := v_given = v_shape and not v_virtual;
  v_plain constant boolean := i_op in ('insert', 'delete') and v_whole and v_where is null and not v_row;
begin
  execute format(
    'create trigger %I after %s on %s %s for each %s execute function %s(%L, %L, %L, %L, %L, %L, %L)',
    v_trigger, i_op, i_table,
    case
      when v_row then ''
      else case i_op
        when 'insert' then 'referencing new table as n'
        when 'update' then 'referencing old table as o new table as n'
        when 'delete' then 'referencing old table as ' || case when v_plain then 'n' else 'o' end
        else ''
      end
    end,
    case when v_row then 'row' else 'statement' end,
    case when v_plain then 'pgq.capture_rows' when v_row then 'pgq.capture_row' else 'pgq.capture' end,
    i_queue.queue_name,
    v_key,
    case
      when v_whole then ''
      else (v_given || jsonb_build_object('known', pgq.columns(i_table)))::text
    end,
    case i_options ->> 'old_row' when 'true' then 'old' when 'changed' then 'changed' else '' end
      || case when (i_options -> 'skip_unchanged')::boolean then 'skip' else '' end,
    case
      when v_where is null or i_op = 'truncate' then ''
      when v_row then format('select (%s'||E'\n'||') from (select ($1).*) n', v_where)
      else pgq.capture_sql(i_op, v_where)
    end,
    i_options, array_to_string(v_key, ','));
  if (i_options -> 'always')::boolean then
    execute format('alter table %s enable always trigger %I', i_table, v_trigger);
  end if;
end;
$$;

-- pgq.capture_sql(operation, where)
--
--   Internal. The statement that pgq.capture runs for a watch with a condition. The parameters are those of its
--   EXECUTE: 1 queue, 2 slot, 3 sequence, 4 table, 5 keys, 6 key, 7 columns, 8 send old, 9 headers.
--
-- Parameters:
--   i_op     insert, update or delete
--   i_where  the condition
-- Returns:
--   SQL text
-- Tables:
--   none
create or replace function pgq.capture_sql(i_op text, i_where text)
returns text
language sql
immutable
as $$
  select
    'insert into pgq.event (
       ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
     select nextval($3), now(), $1, $2, e.ev_type, e.ev_data, $4, e.ev_old, $6, $9 from (' ||
    case i_op
      when 'update' then
        'select e.*
         from (select row_number() over () as i, row_to_json(n.*) as j, (' || i_where || E'\n) as meets from o as n) o
         join (
           select row_number() over () as i, row_to_json(n.*) as j, (' || i_where || E'\n) as meets from n) n using (i)
         cross join lateral pgq.update_events(o.j, n.j, o.meets, n.meets, $5, $7, $8) e
         order by e.ev_type = ''DELETE'' desc, i, e.step'
      else
        'select ' || quote_literal(upper(i_op))
          || ' as ev_type, pgq.shaped(row_to_json(n.*), $7) as ev_data, null as ev_old
         from ' || case i_op when 'insert' then 'n' else 'o as n' end ||
        ' where (' || i_where || E'\n)'
    end || ') e';
$$;
