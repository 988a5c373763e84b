-- pgq.get_held_keys(queue, consumer, limit)
--
--   The keys whose later events have to wait, because an event of theirs failed and is not settled yet.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
--   i_limit          how many at most; null: all
-- Returns:
--   key     in byte order
--   due_in  until the first event of the key is due; negative when it is
-- Errors:
--   42501  no right on this queue
--   PQ002  the consumer is not registered
-- Tables:
--   reads pgq.held_event, pgq.registration
create or replace function pgq.get_held_keys(
  i_queue_name text, i_consumer_name text, i_limit integer, out key text, out due_in interval)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub integer := (pgq.find_consumer(i_queue_name, i_consumer_name)).sub_id;
begin
  return query
  select h.he_key::text, h.he_after - clock_timestamp() from pgq.held_heads(v_sub) h limit i_limit;
end;
$$;

-- pgq.get_held_events(queue, consumer, limit)
--
--   The events of which the first one of their key is due, with those behind it. Process those of a key in this order
--   until one of them fails, then settle them: pgq.held_done, pgq.held_failed, pgq.held_dead.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
--   i_limit          how many at most
-- Returns:
--   key, then ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1 … ev_extra4
-- Errors:
--   42501  no right on this queue
--   PQ002  the consumer is not registered
-- Tables:
--   reads pgq.held_event, pgq.registration
create or replace function pgq.get_held_events(
  i_queue_name text, i_consumer_name text, i_limit integer,
  out key text, out ev_id bigint, out ev_time timestamptz, out ev_txid bigint, out ev_retry integer, out ev_type text,
  out ev_data text, out ev_extra1 text, out ev_extra2 text, out ev_extra3 text, out ev_extra4 text)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub integer := (pgq.find_consumer(i_queue_name, i_consumer_name)).sub_id;
begin
  return query
  select
    e.he_key::text, e.ev_id, e.ev_time, e.ev_txid, e.ev_retry, e.ev_type, e.ev_data,
    e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4
  from pgq.held_heads(v_sub) h
  cross join lateral (
    select l.* from pgq.held_event l
    where l.he_sub = v_sub and l.he_key = h.he_key
    order by l.he_seq
    limit i_limit) e
  where h.he_after <= clock_timestamp()
  order by e.he_seq
  limit i_limit;
end;
$$;

-- pgq.held_heads(sub_id)
--
--   Internal. The first event of each held key, by one look into the index for each key, however many wait behind.
--
-- Parameters:
--   i_sub_id  the consumer
-- Returns:
--   he_key, he_after
-- Tables:
--   reads pgq.held_event
create or replace function pgq.held_heads(i_sub_id integer, out he_key text, out he_after timestamptz)
returns setof record
language sql
as $$
  with recursive head as (
    (select e.he_key, e.he_after
     from pgq.held_event e
     where e.he_sub = i_sub_id
     order by e.he_key, e.he_seq
     limit 1)
    union all
    select n.he_key, n.he_after
    from head h
    cross join lateral (
      select e.he_key, e.he_after
      from pgq.held_event e
      where e.he_sub = i_sub_id and e.he_key > h.he_key
      order by e.he_key, e.he_seq
      limit 1) n
  )
  select h.he_key, h.he_after from head h;
$$;

-- pgq.held_done(queue, consumer, event_ids)
-- pgq.held_failed(queue, consumer, event_ids, after, reasons)
-- pgq.held_dead(queue, consumer, event_ids, reasons)
--
--   Settles events that pgq.get_held_events gave out: done, failed again, given up. One that failed stays at its place,
--   so those behind it go on waiting; any other leaves, and the next one of its key is the first.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
--   i_event_ids      the events
--   i_after          when each is tried again, from now; null: the settings of the queue decide, as in
--                    pgq.event_failed, also whether it is given up
--   i_reasons        why each failed; null: its attempts are not counted, and after is needed
-- Returns:
--   number of events settled; less than were given when another session was faster: then roll back
-- Errors:
--   42501  no right on this queue
--   PQ002  the consumer is not registered
-- Tables:
--   reads pgq.registration, pgq.queue; writes pgq.held_event, pgq.dead_letter
create or replace function pgq.held_done(i_queue_name text, i_consumer_name text, i_event_ids bigint[])
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub integer := (pgq.find_consumer(i_queue_name, i_consumer_name)).sub_id;
  v_count integer;
begin
  delete from pgq.held_event e where e.he_sub = v_sub and e.ev_id = any (i_event_ids);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

create or replace function pgq.held_failed(
  i_queue_name text, i_consumer_name text, i_event_ids bigint[], i_after interval[], i_reasons text[])
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub pgq.registration := pgq.find_consumer(i_queue_name, i_consumer_name);
  v_queue pgq.queue;
  v_dead bigint[];
  v_reasons text[];
  v_count integer;
begin
  select q.* into v_queue from pgq.queue q where q.queue_id = v_sub.sub_queue;
  with failed as (
    select e.ev_id, u.reason, coalesce(u.after, pgq.retry_delay(v_queue, e.ev_retry)) as after
    from unnest(i_event_ids, i_after, i_reasons) u (id, after, reason)
    join pgq.held_event e on e.he_sub = v_sub.sub_id and e.ev_id = u.id
  ), again as (
    update pgq.held_event e
    set he_after = clock_timestamp() + greatest(f.after, interval '0'),
      ev_retry = coalesce(e.ev_retry, 0) + (f.reason is not null)::integer,
      ev_first_failed = coalesce(e.ev_first_failed, case when f.reason is not null then now() end)
    from failed f
    where f.after is not null and e.he_sub = v_sub.sub_id and e.ev_id = f.ev_id
    returning e.ev_id
  )
  select
    (select count(*) from again), array_agg(f.ev_id) filter (where f.after is null),
    array_agg(f.reason) filter (where f.after is null)
  into v_count, v_dead, v_reasons
  from failed f;
  return v_count + case
    when v_dead is null then 0
    else pgq.held_dead(i_queue_name, i_consumer_name, v_dead, v_reasons)
  end;
end;
$$;

create or replace function pgq.held_dead(
  i_queue_name text, i_consumer_name text, i_event_ids bigint[], i_reasons text[])
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub pgq.registration := pgq.find_consumer(i_queue_name, i_consumer_name);
  v_count integer;
begin
  perform pgq.check_event_arrays(i_event_ids, i_reasons);
  with taken as (
    delete from pgq.held_event e
    using unnest(i_event_ids, i_reasons) u (id, reason)
    where e.he_sub = v_sub.sub_id and e.ev_id = u.id
    returning e.*, u.reason
  ), dead as (
    insert into pgq.dead_letter (
      dl_queue, dl_consumer, dl_first_time, dl_reason, dl_attempts,
      ev_id, ev_time, ev_txid, ev_owner, ev_retry,
      ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
    select
      v_sub.sub_queue, v_sub.sub_consumer, coalesce(t.ev_first_failed, now()), t.reason, coalesce(t.ev_retry, 0) + 1,
      t.ev_id, t.ev_time, t.ev_txid, t.ev_owner, t.ev_retry,
      t.ev_type, t.ev_data, t.ev_extra1, t.ev_extra2, t.ev_extra3, t.ev_extra4
    from taken t
    on conflict (dl_queue, dl_consumer, ev_id) do nothing
  )
  select count(*) into v_count from taken;
  return v_count;
end;
$$;

-- pgq.held_release(queue, consumer)
--
--   Sends all held events of a consumer to its retry queue, from where they come back in later batches, and in no
--   order: for a consumer that does not ask for held events any more.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
-- Returns:
--   number of events
-- Errors:
--   42501  no right on this queue
--   PQ002  the consumer is not registered
-- Tables:
--   reads pgq.registration; writes pgq.held_event, pgq.retry_queue; notifies pgq_ticker
create or replace function pgq.held_release(i_queue_name text, i_consumer_name text)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_sub pgq.registration := pgq.find_consumer(i_queue_name, i_consumer_name);
  v_count integer;
begin
  if not exists (select from pgq.held_event e where e.he_sub = v_sub.sub_id) then
    return 0;
  end if;
  with taken as (
    delete from pgq.held_event e where e.he_sub = v_sub.sub_id returning e.*
  ), returned as (
    insert into pgq.retry_queue (
      ev_retry_after, ev_queue, ev_id, ev_time, ev_owner, ev_retry,
      ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4, ev_first_failed)
    select
      t.he_after, v_sub.sub_queue, t.ev_id, t.ev_time, v_sub.sub_id, t.ev_retry,
      t.ev_type, t.ev_data, t.ev_extra1, t.ev_extra2, t.ev_extra3, t.ev_extra4, t.ev_first_failed
    from taken t
    on conflict (ev_queue, ev_owner, ev_id) do nothing
  )
  select count(*) into v_count from taken;
  perform pgq.wake_ticker();
  return v_count;
end;
$$;
