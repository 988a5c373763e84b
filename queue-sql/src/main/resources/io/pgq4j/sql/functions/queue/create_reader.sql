-- pgq.create_reader(queue_id)
--
--   Internal. Creates the function pgq.event_<id>_read(window), by which pgq.get_batch_events reads the events of a
--   window of transactions (see pgq.batch_window). A session plans its query once; a query made for each batch is
--   planned each time, which takes longer than all else that a small batch needs.
--
--   The plan is made while the tables may be empty and is kept when they are not any more, so it must not depend on
--   their size: it uses the index on ev_txid. TRUNCATE and new event tables have it made again.
--
--   The function runs with the rights of its caller, and gives none.
--
-- Parameters:
--   i_queue_id  the queue
-- Returns:
--   nothing
-- Tables:
--   none
create or replace function pgq.create_reader(i_queue_id integer)
returns void
language plpgsql
as $$
declare
  v_select constant text := format(
    'select e.ev_id, e.ev_time, e.ev_txid, e.ev_retry, e.ev_type, e.ev_data,
       e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
     from pgq.event_%s e
     where (e.ev_owner is null or e.ev_owner = i_sub_id) and ', i_queue_id);
  v_between constant text :=
    'e.ev_txid >= i_from_txid and e.ev_txid < i_to_txid and txid_visible_in_snapshot(e.ev_txid, i_snapshot)';
begin
  execute format(
    'create or replace function pgq.event_%s_read(
       i_sub_id integer, i_from_txid bigint, i_to_txid bigint, i_snapshot txid_snapshot, i_ended bigint[],
       out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer, out ev_type text,
       out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
     returns setof record
     language plpgsql
     stable
     set enable_seqscan = off
     set plan_cache_mode = force_generic_plan
     set jit = off
     as %L',
    i_queue_id,
    '
#variable_conflict use_column
begin
  if i_ended = ''{}'' then
    return query ' || v_select || v_between || ' order by ev_id;
  else
    return query ' || v_select || v_between
      || ' union all ' || v_select || 'e.ev_txid = any (i_ended) order by ev_id;
  end if;
end;
');
  execute format('revoke execute on function pgq.event_%s_read from public', i_queue_id);
end;
$$;

do $$
begin
  perform pgq.create_reader(q.queue_id) from pgq.queue q;
end
$$;
