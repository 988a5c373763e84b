-- pgq.caller()
--
--   Internal. Who calls: the role that the session has set, else its user. What runs with its owner's rights (SECURITY
--   DEFINER) in between does not count.
--
-- Parameters:
--   none
-- Returns:
--   name of the role
-- Tables:
--   none
create or replace function pgq.caller()
returns name
language sql
stable
as $$
  select case current_setting('role') when 'none' then session_user else current_setting('role')::name end;
$$;

-- pgq.caller_is_admin()
--
--   Internal. Whether the caller is a member of pgq_admin or of the schema's owner, or a superuser.
--
-- Parameters:
--   none
-- Returns:
--   whether
-- Tables:
--   none
create or replace function pgq.caller_is_admin()
returns boolean
language plpgsql
stable
as $$
begin
  return exists (
    select from pg_roles r
    where pg_has_role(pgq.caller(), r.oid, 'usage')
      and (
        r.rolname = 'pgq_admin'
        or r.oid = (select n.nspowner from pg_namespace n where n.nspname = 'pgq')));
end;
$$;

-- pgq.may_hold(role)
--
--   Internal. Whether the caller may read and finish batches that this role opened: it is that role, a member of it, or
--   an admin. So simple that it becomes part of the query that calls it.
--
-- Parameters:
--   i_role  the role; it may have been dropped
-- Returns:
--   whether
-- Tables:
--   none
create or replace function pgq.may_hold(i_role oid)
returns boolean
language sql
stable
as $$
  select pg_has_role(pgq.caller(), i_role, 'usage') or pgq.caller_is_admin();
$$;

-- pgq.check_producer(queue_id)
-- pgq.check_consumer(queue_id)
--
--   Internal. Refuse who may not insert into a queue, or not consume it. To be called for queues that are guarded.
--
-- Parameters:
--   i_queue_id  the queue
-- Returns:
--   true
-- Errors:
--   42501  the caller has no right on this queue
-- Tables:
--   reads pgq.queue
create or replace function pgq.check_producer(i_queue_id integer)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not has_sequence_privilege(pgq.caller(), format('pgq.event_%s_id_seq', i_queue_id), 'usage') then
    perform pgq.refuse_caller(i_queue_id, 'produce');
  end if;
  return true;
end;
$$;

create or replace function pgq.check_consumer(i_queue_id integer)
returns boolean
language plpgsql
as $$
begin
  if not has_table_privilege(pgq.caller(), format('pgq.event_%s', i_queue_id), 'select') then
    perform pgq.refuse_caller(i_queue_id, 'consume');
  end if;
  return true;
end;
$$;

-- pgq.refuse_caller(queue_id, right)
--
--   Internal. Says which right the caller lacks.
--
-- Parameters:
--   i_queue_id  the queue
--   i_right     produce or consume
-- Returns:
--   nothing: it always fails
-- Errors:
--   42501  always
-- Tables:
--   reads pgq.queue
create or replace function pgq.refuse_caller(i_queue_id integer, i_right text)
returns void
language plpgsql
as $$
declare
  v_queue text := (select q.queue_name from pgq.queue q where q.queue_id = i_queue_id);
begin
  raise exception 'role % has no right to % on queue %', pgq.caller(), i_right, v_queue
    using errcode = '42501',
          hint = format('Have an admin run: select pgq.grant_queue(%L, %L, %L);', v_queue, pgq.caller(), i_right);
end;
$$;
