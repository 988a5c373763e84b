-- pgq.grant_perms(queue)
--
--   Gives the roles their rights on a queue's event tables and sequences: consumers read the tables, and call what
--   reads them; producers append to them by COPY, without choosing ids, transactions or slots; triggers take ids.
--   Roles that do not exist are passed over.
--
-- Parameters:
--   i_queue_name  the queue
-- Returns:
--   1
-- Errors:
--   PQ001  no such queue
-- Tables:
--   reads pgq.queue; grants on pgq.event_<id>, pgq.event_<id>_<slot>, pgq.event_<id>_read and the sequences
create or replace function pgq.grant_perms(i_queue_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue pgq.queue := pgq.find_queue(i_queue_name, 'Queue not found');
  v_role regrole;
  v_right text;
begin
  perform pgq.grant_if_role('pgq_reader', format('select on %s', v_queue.queue_data_pfx));
  perform pgq.grant_if_role(
    'pgq_reader', format('select on sequence %s, %s', v_queue.queue_event_seq, v_queue.queue_tick_seq));
  perform pgq.grant_if_role(
    'pgq_writer', format('select on sequence %s, %s', v_queue.queue_event_seq, v_queue.queue_tick_seq));
  perform pgq.grant_if_role('pgq_writer', format('usage on sequence %s', v_queue.queue_event_seq));
  perform pgq.grant_if_role('pgq_capture', format('usage on sequence %s', v_queue.queue_event_seq));
  perform
    pgq.grant_if_role('pgq_reader', format('select on %s', s.table_name)),
    pgq.grant_if_role('pgq_writer', format(
      'insert (ev_time, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4) on %s', s.table_name))
  from pgq.slots(v_queue) s;
  -- New slots, and the function that reads them, for those who have the right, also by pgq.grant_queue.
  for v_role, v_right in
    select a.grantee, case a.privilege_type when 'USAGE' then 'produce' else 'consume' end
    from pg_class c
    cross join aclexplode(c.relacl) a
    join pg_roles r on r.oid = a.grantee and r.rolname <> 'pgq_capture'
    where (c.oid, a.privilege_type) in (
        (v_queue.queue_event_seq::regclass, 'USAGE'), (v_queue.queue_data_pfx::regclass, 'SELECT'))
      and a.grantee <> c.relowner
  loop
    execute pgq.queue_right_sql('grant', v_queue, v_right, 'to ' || v_role);
  end loop;
  return 1;
end;
$$;
