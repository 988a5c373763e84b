-- pgq.get_consumer_metrics()
--
--   What of all consumers is worth a graph and an alert. Members of a group are not told apart: a consumer is as
--   far as the slowest of its members.
--
-- Parameters:
--   none
-- Returns:
--   queue_name, consumer_name
--   lag             age of the last finished tick while events wait after it, else 0; null: it is not registered
--                   any more, but has dead letters
--   pending_events  event ids given out after the last finished tick; null: as lag
--   paused          it is given no batches
--   retry_events    events that will come back to it, counted up to 10,000
--   held_events     events that wait behind a failed one of their key, and these, counted up to 10,000
--   dead_letters    events that it gave up, counted up to 10,000
-- Errors:
--   40001  the snapshot is older than a compaction
-- Tables:
--   reads pgq.queue, pgq.consumer, pgq.registration, pgq.position, pgq.tick, pgq.retry_queue, pgq.held_event,
--   pgq.dead_letter
create or replace function pgq.get_consumer_metrics(
  out queue_name text, out consumer_name text, out lag interval, out pending_events bigint, out paused boolean,
  out retry_events bigint, out held_events bigint, out dead_letters bigint)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
  with recursive
  -- From one index entry of a consumer to the first of the next: as many steps as there are consumers with
  -- retries, however many retries there are.
  retrying as (
    (select r.ev_queue, r.ev_owner from pgq.retry_queue r order by r.ev_queue, r.ev_owner limit 1)
    union all
    select n.*
    from retrying l
    cross join lateral (
      select r.ev_queue, r.ev_owner
      from pgq.retry_queue r
      where (r.ev_queue, r.ev_owner) > (l.ev_queue, l.ev_owner)
      order by r.ev_queue, r.ev_owner
      limit 1) n
  ),
  holding as (
    (select h.he_sub from pgq.held_event h order by h.he_sub limit 1)
    union all
    select n.*
    from holding l
    cross join lateral (
      select h.he_sub from pgq.held_event h where h.he_sub > l.he_sub order by h.he_sub limit 1) n
  ),
  giving_up as (
    (select d.dl_queue, d.dl_consumer from pgq.dead_letter d order by d.dl_queue, d.dl_consumer limit 1)
    union all
    select n.*
    from giving_up l
    cross join lateral (
      select d.dl_queue, d.dl_consumer
      from pgq.dead_letter d
      where (d.dl_queue, d.dl_consumer) > (l.dl_queue, l.dl_consumer)
      order by d.dl_queue, d.dl_consumer
      limit 1) n
  ),
  retries as (
    select
      l.ev_owner,
      (select count(*) from (
        select from pgq.retry_queue r where r.ev_queue = l.ev_queue and r.ev_owner = l.ev_owner limit 10000) r) as n
    from retrying l
  ),
  held as (
    select
      l.he_sub,
      (select count(*) from (select from pgq.held_event h where h.he_sub = l.he_sub limit 10000) h) as n
    from holding l
  ),
  dead as (
    select
      l.dl_queue, l.dl_consumer,
      (select count(*) from (
        select from pgq.dead_letter d
        where d.dl_queue = l.dl_queue and d.dl_consumer = l.dl_consumer
        limit 10000) d) as n
    from giving_up l
  ),
  progress as (
    select coalesce(r.sub_main, r.sub_id) as sub_id, min(p.last_tick) as last_tick
    from pgq.registration r
    left join lateral (
      select l.sub_id, l.last_tick from pgq.position l where l.sub_id = r.sub_id order by l.pos_seq desc limit 1) p
      on true
    where p.sub_id is not null or pgq.refuse_stale_snapshot('subscription ' || r.sub_id) = 0
    group by 1
  ),
  event_seq as materialized (
    select q.queue_id, coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0) as seq
    from pgq.queue q
  ),
  consumer as (
    select
      r.sub_queue, r.sub_consumer, pgq.is_paused(r) as paused, e.seq - t.tick_event_seq as pending,
      case
        when e.seq > t.tick_event_seq or t.tick_open then clock_timestamp() - t.tick_time
        else interval '0'
      end as lag,
      coalesce(n.n, 0) as retries, coalesce(h.n, 0) as held
    from progress p
    join pgq.registration r on r.sub_id = p.sub_id
    join event_seq e on e.queue_id = r.sub_queue
    cross join lateral (
      select k.* from pgq.tick k where k.tick_queue = r.sub_queue and k.tick_id = p.last_tick offset 0) t
    left join retries n on n.ev_owner = r.sub_id
    left join held h on h.he_sub = r.sub_id
  )
  select
    q.queue_name, c.co_name, s.lag, s.pending, coalesce(s.paused, false), coalesce(s.retries, 0), coalesce(s.held, 0),
    coalesce(d.n, 0)
  from consumer s
  full join dead d on d.dl_queue = s.sub_queue and d.dl_consumer = s.sub_consumer
  join pgq.queue q on q.queue_id = coalesce(s.sub_queue, d.dl_queue)
  join pgq.consumer c on c.co_id = coalesce(s.sub_consumer, d.dl_consumer)
  order by q.queue_name, c.co_name;
end;
$$;
