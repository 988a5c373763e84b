-- pgq.insert_events(queue, type, data[])
-- pgq.insert_events(queue, types[], data[], extra1[], extra2[], extra3[], extra4[])
--
--   Appends many events in one statement; otherwise as pgq.insert_event.
--
-- Parameters:
--   i_queue_name  the queue
--   i_ev_type     type of all events
--   i_ev_types    type of each event
--   i_ev_data     payload of each event; null elements are allowed
--   i_ev_extra1 … i_ev_extra4  more fields of each event, or null for none
-- Returns:
--   ids of the events, in the order of i_ev_data
-- Errors:
--   PQ001  no such queue
--   42501  no right on this queue
--   PQ005  inserting is disabled for this queue, or its per_tx_limit is reached
--   PQ008  arrays of different lengths
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.event
create or replace function pgq.insert_events(
  i_queue_name text, i_ev_types text[], i_ev_data text[],
  i_ev_extra1 text[], i_ev_extra2 text[], i_ev_extra3 text[], i_ev_extra4 text[])
returns setof bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_txid bigint := txid_current();
  v_count integer := coalesce(cardinality(i_ev_data), 0);
  v_queue record;
  v_queue_id integer;
  v_slot integer;
  v_seq regclass;
begin
  if v_count <> any (array[
       coalesce(cardinality(i_ev_types), v_count), coalesce(cardinality(i_ev_extra1), v_count),
       coalesce(cardinality(i_ev_extra2), v_count), coalesce(cardinality(i_ev_extra3), v_count),
       coalesce(cardinality(i_ev_extra4), v_count)])
  then
    raise exception 'insert_events: the arrays have different lengths'
      using errcode = 'PQ008', hint = 'Give one element for each event in every array, or null for the whole array.';
  end if;

  select q.queue_id, q.queue_cur_table, q.queue_event_seq_id, q.queue_disable_insert, q.queue_per_tx_limit,
    q.queue_guarded
  into v_queue
  from pgq.queue q
  where q.queue_name = i_queue_name;
  if not found or v_queue.queue_disable_insert then
    perform pgq.refuse_insert(i_queue_name);
  elsif v_queue.queue_per_tx_limit is not null then
    perform pgq.count_in_tx(i_queue_name, v_count);
  end if;
  if v_queue.queue_guarded then
    perform pgq.check_producer(v_queue.queue_id);
  end if;
  -- A record's fields would be looked up for each row.
  v_queue_id := v_queue.queue_id;
  v_slot := v_queue.queue_cur_table;
  v_seq := v_queue.queue_event_seq_id;

  return query
  insert into pgq.event (
    ev_id, ev_time, ev_txid, ev_queue, ev_slot,
    ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
  select
    nextval(v_seq), now(), v_txid, v_queue_id, v_slot, e.*
  from (
    -- Not in FROM: there all rows would be stored before the first is inserted.
    select
      unnest(i_ev_types), unnest(i_ev_data),
      unnest(i_ev_extra1), unnest(i_ev_extra2), unnest(i_ev_extra3), unnest(i_ev_extra4)
  ) e
  returning ev_id;

  if (select a.last_value from pgq.ticker_armed a) = 1 then
    perform pgq.wake_ticker();
  end if;
end;
$$;

create or replace function pgq.insert_events(i_queue_name text, i_ev_type text, i_ev_data text[])
returns setof bigint
language sql
as $$
  select pgq.insert_events(
    i_queue_name, array_fill(i_ev_type, array[coalesce(cardinality(i_ev_data), 0)]), i_ev_data, null, null, null, null);
$$;
