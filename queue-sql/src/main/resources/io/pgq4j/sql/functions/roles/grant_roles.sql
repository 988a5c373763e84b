-- pgq.grant_roles()
--
--   Creates the roles that are missing and gives them their rights; installing runs it.
--     pgq_reader   consume
--     pgq_writer   insert events, watch tables of its own
--     pgq_admin    both, and create queues, tick and maintain
--     pgq_capture  owns the trigger functions; can append events and nothing else
--   Where this user may not create roles it says so and goes on; the schema then works for its owner.
--   PUBLIC can read pgq.schema_history and nothing else.
--
-- Parameters:
--   none
-- Returns:
--   number of roles that exist, 0 to 4
-- Tables:
--   none
create or replace function pgq.grant_roles()
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_role text;
  v_queue text;
begin
  foreach v_role in array array['pgq_reader', 'pgq_writer', 'pgq_admin', 'pgq_capture'] loop
    perform pgq.create_role(v_role);
    perform pgq.grant_if_role(v_role, 'usage on schema pgq');
    perform pgq.grant_if_role(v_role, 'usage on schema pgq_coop');
  end loop;
  perform pgq.create_membership('pgq_reader', 'pgq_admin');
  perform pgq.create_membership('pgq_writer', 'pgq_admin');

  revoke all on all functions in schema pgq, pgq_coop from public;
  perform pgq.grant_functions('pgq_reader', pgq.functions_to('consume'));
  perform pgq.grant_functions('pgq_reader', pgq.functions_to('coop'), 'pgq_coop');
  perform pgq.grant_functions('pgq_writer', pgq.functions_to('produce'));
  perform pgq.grant_functions('pgq_writer', pgq.functions_to('watch'));
  perform pgq.grant_functions('pgq_capture', array[
    'refuse_insert', 'count_in_tx', 'find_queue', 'wake_ticker', 'columns', 'sent_columns', 'shaped',
    'update_events', 'changed_columns']);
  perform pgq.grant_if_role('pgq_admin', 'execute on all functions in schema pgq, pgq_coop');

  perform pgq.grant_if_role('pgq_reader',
    'select on pgq.queue, pgq.consumer, pgq.registration, pgq.position, pgq.tick, pgq.subscription, '
    'pgq.event_template');
  perform pgq.grant_if_role('pgq_writer', 'select on pgq.queue');
  perform pgq.grant_if_role('pgq_admin', 'select on all tables in schema pgq');
  perform pgq.grant_if_role('pgq_capture', 'select on pgq.queue, pgq.ticker_armed');
  perform pgq.grant_if_role('pgq_capture',
    'insert (ev_id, ev_time, ev_queue, ev_slot, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4) '
    'on pgq.event');
  for v_queue in select q.queue_name from pgq.queue q loop
    perform pgq.grant_perms(v_queue);
  end loop;
  perform pgq.give_to_capture();
  perform pgq_ext.grant_roles();

  return (
    select count(*) from pg_roles r
    where r.rolname in ('pgq_reader', 'pgq_writer', 'pgq_admin', 'pgq_capture'));
end;
$$;

-- pgq.functions_to(right)
--
--   Internal. The functions that somebody with a right may call.
--
-- Parameters:
--   i_right  consume; coop: the same in schema pgq_coop; produce, also in PgQ's row triggers, which run with the
--            rights of who writes to the table; watch: of pgq_writer, but not of those who may produce on one queue
--            only. A trigger's creator chooses its arguments, and what runs in it may append to any queue
-- Returns:
--   names of functions
-- Tables:
--   none
create or replace function pgq.functions_to(i_right text)
returns text[]
language sql
immutable
as $$
  select case i_right
    when 'consume' then array[
      'register_consumer', 'register_consumer_at', 'register_consumer_since', 'unregister_consumer',
      'capture_functions',
      'seek', 'oldest_tick', 'bootstrap_start', 'bootstrap_sql', 'bootstrap_finish', 'trigger_argument', 'find_queue',
      'columns', 'sent_columns', 'shaped', 'pause_consumer', 'resume_consumer', 'get_paused_consumers',
      'next_batch', 'next_batch_info', 'next_batch_custom', 'get_batch_events', 'get_batch_cursor',
      'get_batch_info', 'batch', 'batch_window', 'batch_query', 'batch_event_sql', 'batch_event_tables', 'caller',
      'caller_is_admin', 'may_hold', 'check_consumer', 'refuse_caller', 'current_position', 'refuse_stale_snapshot',
      'refuse_stale_positions', 'find_tick_helper', 'finish_batch', 'finish_and_next', 'event_retry', 'event_dead',
      'event_failed', 'batch_retry', 'next_batches', 'get_batches_events',
      'event_hold', 'get_held_keys', 'get_held_events', 'held_done', 'held_failed', 'held_dead', 'held_release',
      'set_consumer_state', 'get_consumer_states',
      'get_dead_letters', 'dead_requeue', 'force_tick', 'get_queue_info', 'get_consumer_info', 'get_watches',
      'get_events', 'check_isolation', 'seq_getval', 'quote_fqname', 'version']
    when 'coop' then array[
      'register_subconsumer', 'unregister_subconsumer', 'next_batch', 'next_batch_custom', 'finish_batch',
      'heartbeat', 'take_over_due', 'version']
    when 'produce' then array[
      'insert_event', 'insert_events', 'insert_event_at', 'insert_event_once', 'current_event_table', 'get_queue_info',
      'seq_getval', 'quote_fqname', 'version', 'row_event', 'row_options', 'row_fields', 'row_values',
      'row_expressions', 'row_expression', 'json_value', 'same_value', 'encode_url']
    when 'watch' then array[
      'watch_table', 'unwatch_table', 'watch_options', 'watch_tree', 'primary_key', 'columns', 'create_watch',
      'capture_sql', 'get_watches', 'capture_functions', 'capture_rows', 'capture', 'capture_row', 'find_queue',
      'hold_queue',
      'jsontriga', 'logutriga', 'sqltriga', 'logtriga']
  end;
$$;

-- pgq.grant_functions(role, names, schema)
--
--   Internal. Lets a role call functions, in all their forms.
--
-- Parameters:
--   i_role    the role
--   i_names   names of functions
--   i_schema  their schema
-- Returns:
--   nothing
-- Tables:
--   none
create or replace function pgq.grant_functions(i_role text, i_names text[], i_schema text default 'pgq')
returns void
language plpgsql
as $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_proc p where p.pronamespace = i_schema::regnamespace and p.proname = any (i_names)
  loop
    perform pgq.grant_if_role(i_role, format('execute on function %s', v_function));
  end loop;
end;
$$;

-- pgq.create_role(role)
--
--   Internal. Creates a role of ours if it is missing. Roles belong to the whole cluster: another database may be
--   creating it at the same time.
--
-- Parameters:
--   i_role  the role
-- Returns:
--   nothing
-- Tables:
--   none
create or replace function pgq.create_role(i_role text)
returns void
language plpgsql
as $$
begin
  if not exists (select from pg_roles r where r.rolname = i_role) then
    execute format('create role %I nologin', i_role);
  end if;
exception
  when duplicate_object or unique_violation then
    null;
  when insufficient_privilege then
    raise warning 'role % does not exist, and % may not create it: its rights are not granted', i_role, current_user
      using hint = format(
        'Have an administrator run: create role %I nologin; then run: select pgq.grant_roles();', i_role);
end;
$$;

-- pgq.create_membership(role, member)
--
--   Internal. Makes a role a member of another one, if it is not; tolerates another database doing so as well.
--
-- Parameters:
--   i_role    the role
--   i_member  its member to be
-- Returns:
--   nothing
-- Tables:
--   none
create or replace function pgq.create_membership(i_role text, i_member text)
returns void
language plpgsql
as $$
begin
  if exists (select from pg_roles r where r.rolname = i_role)
    and exists (select from pg_roles r where r.rolname = i_member)
    -- 'usage': since PostgreSQL 16, who creates a role is a member that may only pass it on
    and not pg_has_role(i_member, i_role, 'usage')
  then
    execute format('grant %I to %I', i_role, i_member);
  end if;
exception
  when unique_violation or internal_error then
    -- internal_error: "tuple concurrently updated"
    null;
  when insufficient_privilege then
    raise warning '% may not make role % a member of %', current_user, i_member, i_role
      using hint = format('Have an administrator run: grant %I to %I;', i_role, i_member);
end;
$$;

-- pgq.keep_capture()
--
--   Internal. Where the trigger functions stay with this user, nobody else may put them to a table: what they call
--   would have this user's rights.
--
-- Parameters:
--   none
-- Returns:
--   nothing
-- Tables:
--   none
create or replace function pgq.keep_capture()
returns void
language plpgsql
as $$
declare
  v_role text;
begin
  for v_role in select r.rolname from pg_roles r where r.rolname in ('pgq_writer', 'pgq_admin') loop
    execute format('revoke execute on function pgq.capture_rows(), pgq.capture(), pgq.capture_row() from %I', v_role);
  end loop;
end;
$$;

-- pgq.give_to_capture()
--
--   Internal. Makes pgq_capture the owner of the trigger functions, so that what they call has no other rights.
--
-- Parameters:
--   none
-- Returns:
--   nothing
-- Tables:
--   none
create or replace function pgq.give_to_capture()
returns void
language plpgsql
as $$
begin
  if not exists (select from pg_roles r where r.rolname = 'pgq_capture') then
    perform pgq.keep_capture();
    return;
  end if;
  perform pgq.create_membership('pgq_capture', current_user);
  grant create on schema pgq to pgq_capture;
  alter function pgq.capture_rows() owner to pgq_capture;
  alter function pgq.capture() owner to pgq_capture;
  alter function pgq.capture_row() owner to pgq_capture;
  revoke create on schema pgq from pgq_capture;
exception
  when insufficient_privilege then
    perform pgq.keep_capture();
    raise warning 'trigger functions stay with %: % cannot act as pgq_capture', current_user, current_user
      using hint = format(
        'Have an administrator run: grant pgq_capture to %I; then run: select pgq.grant_roles();', current_user);
end;
$$;

-- Rights are given whenever the schema is installed or upgraded.
do $$
begin
  perform pgq.grant_roles();
end;
$$;
