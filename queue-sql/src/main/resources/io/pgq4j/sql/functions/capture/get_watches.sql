-- pgq.get_watches()
--
--   The tables that are watched, for which queue and how. Partitions and children that pgq.watch_table covers with
--   their parent are not listed on their own.
--
-- Parameters:
--   none
-- Returns:
--   queue_name, table_name
--   options    all options, as pgq.watch_table takes them
--   enabled    false: somebody disabled a trigger, and changes are lost
--   uncovered  partitions and children that came later: what is written straight to them is not captured, until
--              the table is watched again; null: none
-- Tables:
--   reads pgq.queue
create or replace function pgq.get_watches(
  out queue_name text, out table_name text, out options jsonb, out enabled boolean, out uncovered text[])
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  with watch as (
    select
      q.queue_name, q.queue_id, t.tgrelid, min(pgq.trigger_argument(t.tgargs, 5))::jsonb as options,
      bool_and(t.tgenabled <> 'D') as enabled
    from pgq.queue q
    join pg_trigger t on t.tgname like format('pgq\_%s\_%%', q.queue_id)
    where t.tgfoid = any (pgq.capture_functions())
    group by q.queue_name, q.queue_id, t.tgrelid
  )
  select w.queue_name, w.tgrelid::regclass::text, w.options, p.enabled, p.uncovered
  from watch w
  cross join lateral (
    select
      bool_and(o.enabled) as enabled,
      array_agg(t.relid::text order by t.relid::text) filter (where o.tgrelid is null) as uncovered
    from pgq.watch_tree(w.tgrelid) t
    left join watch o on o.queue_id = w.queue_id and o.tgrelid = t.relid
  ) p
  where not exists (
    select from pg_inherits i join watch o on o.tgrelid = i.inhparent
    where i.inhrelid = w.tgrelid and o.queue_id = w.queue_id and o.options = w.options)
  order by w.queue_name, w.tgrelid::regclass::text;
end;
$$;

-- pgq.trigger_argument(arguments, number)
--
--   Internal. An argument of a trigger.
--
-- Parameters:
--   i_arguments  pg_trigger.tgargs: texts, each with a zero byte behind it
--   i_number     which one, from 0
-- Returns:
--   the argument; empty when there are not so many
-- Tables:
--   none
create or replace function pgq.trigger_argument(i_arguments bytea, i_number integer)
returns text
language plpgsql
immutable
as $$
declare
  v_rest bytea := i_arguments;
begin
  for i in 1 .. i_number loop
    v_rest := substring(v_rest from position('\x00'::bytea in v_rest) + 1);
  end loop;
  return convert_from(substring(v_rest for greatest(position('\x00'::bytea in v_rest) - 1, 0)), getdatabaseencoding());
end;
$$;
