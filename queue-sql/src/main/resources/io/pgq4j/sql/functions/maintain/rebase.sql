-- pgq.rebase()
--
--   Anchors queues anew whose ticks are of another server: all of them after a dump was restored, or a logical
--   failover; and those whose last tick is ahead of this server's transactions.
--
--   What each consumer has not finished is put into its retry queue; open batches of members, into that of the
--   consumer they work for. So is what was written since: it has ids above those of the last tick. Then the event
--   tables are emptied, and all start from a new tick. It waits two seconds for producers of these queues.
--
-- Parameters:
--   none
-- Returns:
--   queue_name, consumer_name, resent (events put into the retry queue): one row for each consumer of a
--   queue that was anchored anew; none when no queue was behind
-- Errors:
--   PQ007  the transaction is not READ COMMITTED
--   55P03  a queue is in use
-- Tables:
--   writes pgq.retry_queue, pgq.tick, pgq.position, pgq.queue; truncates pgq.event_<id>_<slot>
create or replace function pgq.rebase(out queue_name text, out consumer_name text, out resent bigint)
returns setof record
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_behind integer[] := pgq.queues_behind();
  v_queue pgq.queue;
  v_sub record;
  v_tick bigint;
  v_seq bigint;
begin
  perform pgq.check_isolation('rebase');
  for v_queue in
    select q.* from pgq.queue q where q.queue_id = any (v_behind) for update
  loop
    execute format('lock table %s in access exclusive mode', v_queue.queue_data_pfx);
    select t.tick_event_seq into v_seq
    from pgq.tick t where t.tick_queue = v_queue.queue_id order by t.tick_id desc limit 1;
    insert into pgq.tick (tick_queue, tick_id, tick_snapshot, tick_event_seq)
    values (
      v_queue.queue_id, nextval(v_queue.queue_tick_seq::regclass), pgq.tick_snapshot(),
      coalesce(pg_sequence_last_value(v_queue.queue_event_seq::regclass), 0))
    returning tick_id into v_tick;

    perform pg_advisory_xact_lock(pgq_coop.group_lock(), r.sub_main)
    from pgq.registration r
    where r.sub_queue = v_queue.queue_id and r.sub_main is not null;
    for v_sub in
      select s.sub_id, s.sub_last_tick, s.sub_next_tick, r.sub_main, c.co_name
      from pgq.subscription s
      join pgq.registration r on r.sub_id = s.sub_id
      join pgq.consumer c on c.co_id = s.sub_consumer
      where s.sub_queue = v_queue.queue_id
        and s.sub_last_tick is not null
      order by c.co_name
    loop
      execute format(
        'insert into pgq.retry_queue (
           ev_retry_after, ev_queue, ev_id, ev_time, ev_owner, ev_retry,
           ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4, ev_first_failed)
         select
           clock_timestamp(), $1, e.ev_id, e.ev_time, $2, e.ev_retry,
           e.ev_type, e.ev_data, e.ev_extra1, e.ev_extra2, e.ev_extra3, e.ev_extra4, e.ev_first_failed
         from %s e
         join pgq.tick t on t.tick_queue = $1 and t.tick_id = $3
         left join pgq.tick n on n.tick_queue = $1 and n.tick_id = $5 -- of a member: the end of its batch
         where (e.ev_owner is null or e.ev_owner = $2)
           and case
             when e.ev_id > $4 then $5 is null
             else not txid_visible_in_snapshot(e.ev_txid, t.tick_snapshot)
               and ($5 is null or txid_visible_in_snapshot(e.ev_txid, n.tick_snapshot))
           end
         on conflict (ev_queue, ev_owner, ev_id) do nothing',
        v_queue.queue_data_pfx)
      using
        v_queue.queue_id, coalesce(v_sub.sub_main, v_sub.sub_id), v_sub.sub_last_tick, v_seq,
        case when v_sub.sub_main is not null then v_sub.sub_next_tick end;
      get diagnostics resent = row_count;
      insert into pgq.position (sub_id, pos_seq, last_tick)
      select v_sub.sub_id, p.pos_seq + 1, case when v_sub.sub_main is null then v_tick end
      from pgq.current_position(v_sub.sub_id) p;

      queue_name := v_queue.queue_name;
      consumer_name := v_sub.co_name;
      return next;
    end loop;

    execute format('truncate %s', v_queue.queue_data_pfx);
    delete from pgq.tick t where t.tick_queue = v_queue.queue_id and t.tick_id <> v_tick;
    update pgq.queue set queue_oldest_tick = v_tick where queue_id = v_queue.queue_id;
    -- What it was to read, nobody can see any more: its bootstrap has to begin anew.
    update pgq.registration r set sub_bootstrap_tick = v_tick
    where r.sub_queue = v_queue.queue_id and r.sub_bootstrap_tick is not null;
    perform pg_notify('pgq_tick', v_queue.queue_name);
    perform pgq.wake_ticker();
  end loop;
  if pgq.is_restored() then
    perform pgq.settle();
  end if;
end;
$$;

-- pgq.queues_behind()
--
--   Internal. The queues whose ticks are of another server (see pgq.queue_state), whether the ticker looks after them
--   or not.
--
-- Parameters:
--   none
-- Returns:
--   their ids
-- Tables:
--   reads pgq.queue, pgq.tick
create or replace function pgq.queues_behind()
returns integer[]
language plpgsql
as $$
begin
  return array(
    select q.queue_id
    from pgq.queue q
    cross join lateral (
      select t.* from pgq.tick t where t.tick_queue = q.queue_id order by t.tick_id desc limit 1) t
    where pgq.is_restored()
      or txid_snapshot_xmax(txid_current_snapshot()) < txid_snapshot_xmax(t.tick_snapshot));
end;
$$;
