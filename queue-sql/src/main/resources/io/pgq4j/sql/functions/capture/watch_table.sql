-- pgq.watch_table(table, queue, options)
--
--   Sends the changes of a table to a queue, as JSON rows, from now on. Watching again replaces the
--   options. The caller needs to own the table, or the TRIGGER privilege on it.
--
--   Partitioned tables: rows written to the parent are captured once, and so are rows written straight to a
--   partition that exists now; level "row" also covers partitions that are attached later. Inheritance: the same
--   for children that exist now; what is written straight to a child has the child's name in ev_extra1, and
--   with level "row" also what is written through the parent. TRUNCATE names each table it empties. Where a
--   trigger of a partition takes rows out that move to it, use level "row". Level "row" sends DELETE and INSERT
--   row by row, also where one statement shifts keys.
--
-- Parameters:
--   i_table       an ordinary or partitioned table, not one of pgq's own
--   i_queue_name  the queue
--   i_options     JSON object of
--     operations  array of "insert", "update", "delete", "truncate"; default all
--     columns     array of the only columns to send; default all, also those added later
--     ignore      array of columns to leave out; default none
--     mask        array of columns whose values are sent as "***" (null stays null); default none
--     key         array of columns that identify a row; default the primary key
--     old_row     true: send the row before an UPDATE in ev_extra2; "changed": only the columns that changed;
--                 default false
--     skip_unchanged  true: no event for an UPDATE that changed none of the columns sent; default false
--     where       SQL condition over the row's columns; default all rows. An UPDATE that takes a row out of it
--                 is sent as DELETE, one that brings a row into it as INSERT. It runs with the rights of
--                 pgq_capture; name functions outside of pg_catalog in full
--     level       "statement" or "row"; default statement, the fast one
--     always      true: fire under session_replication_role = replica too; default false
-- Returns:
--   1 when the table was not watched for this queue, 0 when its options were replaced
-- Errors:
--   PQ001  no such queue
--   PQ008  unknown option, operation, level or column; a table that cannot be watched
--   42…    a `where` that is not valid SQL for this table; no right to create triggers
--   55P03  a writer of the table did not end its transaction within two seconds; the others would queue up
-- Tables:
--   locks the row of pgq.queue; creates triggers pgq_<queue_id>_<operation> on the table
create or replace function pgq.watch_table(i_table regclass, i_queue_name text, i_options jsonb default '{}')
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_queue pgq.queue := pgq.hold_queue(i_queue_name);
  v_options jsonb := pgq.watch_options(i_table, i_options);
  v_row boolean := v_options ->> 'level' = 'row';
  v_new boolean;
  v_table regclass;
  v_op text;
begin
  v_new := pgq.unwatch_table(i_table, i_queue_name) = 0;

  for v_table, v_op in
    select t.relid, o.op
    from pgq.watch_tree(i_table) t
    cross join lateral (select distinct jsonb_array_elements_text(v_options -> 'operations')) o (op)
    -- row triggers of a partitioned table are those of its partitions too, also of later ones
    where t.relid = i_table or not t.is_partition or not v_row or o.op = 'truncate'
  loop
    perform pgq.create_watch(v_table, v_queue, v_op, v_options);
  end loop;
  return v_new::integer;
end;
$$;

-- pgq.watch_tree(table)
--
--   Internal. A table and what is below it: its partitions, or the tables that inherit from it.
--
-- Parameters:
--   i_table  the table
-- Returns:
--   relid, is_partition
-- Tables:
--   none
create or replace function pgq.watch_tree(i_table regclass, out relid regclass, out is_partition boolean)
returns setof record
language sql
stable
as $$
  with recursive tree as (
    select i_table::oid as oid
    union
    select i.inhrelid from pg_inherits i join tree t on t.oid = i.inhparent
  )
  select c.oid::regclass, c.relispartition
  from tree t
  join pg_class c on c.oid = t.oid
  where c.relkind in ('r', 'p');
$$;
