-- pgq_coop.take_over(main, member, dead_interval)
--
--   Internal. Gives a member the batch of another one that has not been heard of for too long, or of the consumer
--   itself. The old holder's position is closed, by the very number that would finish its batch; the member opens
--   the same window under a new batch id. So whoever comes too late, to finish, retry or give up events, finds
--   that the batch is not open.
--
-- Parameters:
--   i_main           sub_id of the consumer
--   i_member         sub_id of the member, which has no batch
--   i_dead_interval  how long nothing was heard
-- Returns:
--   nothing
-- Errors:
--   40001  the snapshot is older than a compaction; or the member was unregistered meanwhile
-- Tables:
--   reads pgq.registration; writes pgq.position
create or replace function pgq_coop.take_over(i_main integer, i_member integer, i_dead_interval interval)
returns void
language plpgsql
as $$
declare
  v_own pgq.position;
  v_dead pgq.position;
begin
  if not exists (select from pgq_coop.silent_batches(i_main, i_dead_interval))
    or not pgq_coop.lock_group(i_main)
  then
    return;
  end if;
  v_own := pgq.current_position(i_member);
  if v_own.batch_id is not null then
    return;
  end if;
  for v_dead in select b.* from pgq_coop.silent_batches(i_main, i_dead_interval) b loop
    if pgq_coop.close_position(v_dead, case when v_dead.sub_id = i_main then v_dead.next_tick end) then
      insert into pgq.position (sub_id, pos_seq, last_tick, batch_id, next_tick)
      select i_member, v_own.pos_seq + 1, v_dead.last_tick, nextval('pgq.batch_id_seq'), v_dead.next_tick
      from pgq.registration r
      where r.sub_id = i_member
      on conflict (sub_id, pos_seq) do nothing;
      if not found then
        raise exception 'the member was unregistered at the same time'
          using errcode = '40001', hint = 'Repeat this in a new transaction.';
      end if;
      return;
    end if;
  end loop;
end;
$$;

-- pgq_coop.take_over_due(queue, consumer, dead_interval)
--
--   How long a member that has nothing to do may wait: until then, no batch of another one is silent for too long.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer
--   i_dead_interval  as in pgq_coop.next_batch
-- Returns:
--   from now; null: no batch is open
-- Errors:
--   42501  no right on this queue
--   PQ002  the consumer is not registered
-- Tables:
--   reads pgq.registration, pgq.position
create or replace function pgq_coop.take_over_due(i_queue_name text, i_consumer_name text, i_dead_interval interval)
returns interval
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_main integer := (pgq.find_consumer(i_queue_name, i_consumer_name)).sub_id;
begin
  return (
    select min(b.pos_time) + i_dead_interval - clock_timestamp()
    from pgq_coop.silent_batches(v_main, interval '0') b);
end;
$$;

-- pgq_coop.silent_batches(main, dead_interval)
--
--   Internal. Open batches of a consumer and its members, of which nothing was heard for too long.
--
-- Parameters:
--   i_main           sub_id of the consumer
--   i_dead_interval  how long
-- Returns:
--   rows of pgq.position, the oldest first
-- Tables:
--   reads pgq.registration, pgq.position
create or replace function pgq_coop.silent_batches(i_main integer, i_dead_interval interval)
returns setof pgq.position
language plpgsql
as $$
begin
  return query
  select p.*
  from pgq.registration r
  cross join lateral (
    select l.* from pgq.position l where l.sub_id = r.sub_id order by l.pos_seq desc limit 1) p
  where (r.sub_main = i_main or r.sub_id = i_main)
    and p.batch_id is not null
    and p.pos_time <= clock_timestamp() - i_dead_interval
  order by p.pos_time;
end;
$$;
