-- pgq.insert_event_once(queue, key, type, data, ttl)
-- pgq.insert_event_once(queue, key, type, data, extra1, extra2, extra3, extra4, ttl)
--
--   Appends an event unless one was appended under the same key within the last ttl; then it answers the id of that
--   one, whatever its data. So a producer that does not know whether its call succeeded can repeat it.
--
--   While the first call's transaction is open, another one with the key waits for its end; if it is rolled back,
--   the second one appends. A transaction that is not READ COMMITTED and cannot see the first one fails.
--
-- Parameters:
--   i_queue_name  the queue; keys of different queues have nothing to do with each other
--   i_key         1 to 1000 bytes
--   i_ev_type     what happened
--   i_ev_data     payload, opaque text
--   i_ev_extra1 … i_ev_extra4  more fields for the consumer
--   i_ttl         how long the key is remembered
-- Returns:
--   id of the event that was appended first
-- Errors:
--   42501  no right on this queue
--   PQ001  no such queue
--   PQ005  inserting is disabled for this queue, or its per_tx_limit is reached
--   PQ008  bad key, or ttl that is not positive
--   40001  another transaction used the key, unseen by this snapshot (not READ COMMITTED)
-- Tables:
--   reads pgq.queue, pgq.ticker_armed; writes pgq.event_key, pgq.event; notifies pgq_ticker
create or replace function pgq.insert_event_once(
  i_queue_name text, i_key text, i_ev_type text, i_ev_data text,
  i_ev_extra1 text, i_ev_extra2 text, i_ev_extra3 text, i_ev_extra4 text, i_ttl interval)
returns bigint
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue record;
  v_id bigint;
begin
  if i_key is null or i_key = '' or octet_length(i_key) > 1000 then
    raise exception 'insert_event_once: bad key: %', coalesce(quote_literal(left(i_key, 100)), 'null')
      using errcode = 'PQ008', hint = 'A key has 1 to 1000 bytes.';
  elsif i_ttl is null or i_ttl <= interval '0' or not isfinite(clock_timestamp() + i_ttl) then
    raise exception 'insert_event_once: bad ttl: %', coalesce(i_ttl::text, 'null')
      using errcode = 'PQ008', hint = 'Give the time within which the key means the same event, such as ''1 day''.';
  end if;
  select q.queue_id, q.queue_event_seq, q.queue_disable_insert, q.queue_guarded into v_queue
  from pgq.queue q
  where q.queue_name = i_queue_name;
  if not found or v_queue.queue_disable_insert then
    perform pgq.refuse_insert(i_queue_name);
  elsif v_queue.queue_guarded then
    perform pgq.check_producer(v_queue.queue_id);
  end if;

  loop
    select k.ev_id into v_id
    from pgq.event_key k
    where k.key_queue = v_queue.queue_id and k.key = i_key and k.key_expires > clock_timestamp();
    if found then
      return v_id;
    end if;

    -- The lock of a producer comes before the event's id: see pgq.insert_event.
    lock table only pgq.event in row exclusive mode;
    v_id := nextval(v_queue.queue_event_seq::regclass);
    insert into pgq.event_key as k (key_queue, key, ev_id, key_expires)
    values (v_queue.queue_id, i_key, v_id, clock_timestamp() + i_ttl)
    on conflict (key_queue, key) do update
      set ev_id = excluded.ev_id, key_expires = excluded.key_expires
      where k.key_expires <= clock_timestamp();
    if found then
      return pgq.insert_event_raw(
        i_queue_name, v_id, null, null, null,
        i_ev_type, i_ev_data, i_ev_extra1, i_ev_extra2, i_ev_extra3, i_ev_extra4);
    end if;
  end loop;
end;
$$;

create or replace function pgq.insert_event_once(
  i_queue_name text, i_key text, i_ev_type text, i_ev_data text, i_ttl interval)
returns bigint
language sql
as $$
  select pgq.insert_event_once(i_queue_name, i_key, i_ev_type, i_ev_data, null, null, null, null, i_ttl);
$$;
