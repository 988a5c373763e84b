-- pgq.grant_queue(queue, role, right)
-- pgq.revoke_queue(queue, role, right)
--
--   Gives a role a right on one queue, or takes it away. Members of pgq_reader and pgq_writer have that right on
--   all queues.
--
--   The first grant in a database makes every queue guarded: from then on, what counts everywhere is the role of
--   the session (its user, or SET ROLE), also where it calls a function that runs with other rights. That grant
--   rewrites pgq.queue, so that a transaction with an older snapshot, which would not know of it, finds no queue.
--   It waits two seconds for producers, and producers wait for it.
--
-- Parameters:
--   i_queue_name  the queue
--   i_role        the role
--   i_right       produce  insert events, by function and by COPY; not: watch tables
--                 consume  register consumers, read, finish, retry
-- Returns:
--   1
-- Errors:
--   PQ001  no such queue
--   PQ008  no such right
--   42704  no such role
--   55P03  a producer did not end its transaction within two seconds; only the first grant
-- Tables:
--   writes pgq.queue; grants on schema pgq, its functions and pgq.event_<id>
create or replace function pgq.grant_queue(i_queue_name text, i_role text, i_right text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name);
begin
  execute pgq.queue_right_sql('grant', v_queue, i_right, format('to %I', i_role));
  perform pgq.grant_functions(i_role, pgq.functions_to(i_right));
  execute format('grant usage on schema pgq to %I', i_role);
  if i_right = 'consume' then
    perform pgq.grant_functions(i_role, pgq.functions_to('coop'), 'pgq_coop');
    execute format('grant usage on schema pgq_coop to %I', i_role);
    execute format(
      'grant select on pgq.queue, pgq.consumer, pgq.registration, pgq.position, pgq.tick, pgq.subscription to %I',
      i_role);
  end if;
  if not v_queue.queue_guarded then
    alter table pgq.queue
      alter column queue_guarded set default true,
      alter column queue_guarded type boolean using true;
  end if;
  return 1;
end;
$$;

create or replace function pgq.revoke_queue(i_queue_name text, i_role text, i_right text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  execute pgq.queue_right_sql('revoke', pgq.find_queue(i_queue_name), i_right, format('from %I', i_role));
  return 1;
end;
$$;

-- pgq.queue_right_sql(verb, queue, right, role)
--
--   Internal. The statements that give a right on a queue, or take it away. To produce is USAGE on the sequence of
--   event ids, to consume is SELECT on the event tables, and EXECUTE of what reads them.
--
-- Parameters:
--   i_verb   grant or revoke
--   i_queue  row of the queue
--   i_right  produce or consume
--   i_role   "to role" or "from role"
-- Returns:
--   SQL text
-- Errors:
--   PQ008  no such right
-- Tables:
--   none
create or replace function pgq.queue_right_sql(i_verb text, i_queue pgq.queue, i_right text, i_role text)
returns text
language plpgsql
as $$
begin
  if i_right = 'consume' then
    return format(
      '%1$s select on %2$s %3$s; %1$s execute on function %2$s_read %3$s',
      i_verb, i_queue.queue_data_pfx, i_role);
  elsif i_right = 'produce' then
    return format('%s usage on sequence %s %s', i_verb, i_queue.queue_event_seq, i_role) || (
      select string_agg(
        format(
          '; %s insert (ev_time, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4) on %s %s',
          i_verb, s.table_name, i_role),
        '')
      from pgq.slots(i_queue) s);
  end if;
  raise exception 'no right "%"', i_right using errcode = 'PQ008', hint = 'Rights: produce, consume.';
end;
$$;
