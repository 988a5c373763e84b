-- pgq.bootstrap_start(queue, consumer)
-- pgq.bootstrap_sql(table, queue)
-- pgq.bootstrap_finish(queue, consumer, tick)
--
--   Gives a consumer the rows that watched tables hold now, then the changes, without gap or overlap:
--     1. one session begins, calls pgq.bootstrap_start, and leaves its transaction open for now
--     2. another one begins ISOLATION LEVEL REPEATABLE READ and runs SET TRANSACTION SNAPSHOT '<snapshot_name>'
--     3. the first commits: now the consumer is registered at a tick, and waits there
--     4. the second reads the rows by the queries of pgq.bootstrap_sql, best by a cursor, and ends
--     5. pgq.bootstrap_finish lets the consumer go on
--
--   The tick has the very snapshot that is exported: both are read in one statement, after the lock under which
--   the queue is ticked. So what a row shows is committed before the tick, and every change that it does not show
--   is an event after the tick.
--
--   Retries and open batches that the consumer had are dropped before that: they tell of older states of the rows. If
--   the session ends before step 5 the consumer goes on waiting, and a new bootstrap_start begins anew.
--
-- Parameters:
--   i_queue_name     the queue
--   i_consumer_name  the consumer; it is registered, or moved
--   i_table          a table that is watched for the queue
--   i_tick           what bootstrap_start answered as tick_id
-- Returns:
--   pgq.bootstrap_start   tick_id, snapshot_name
--   pgq.bootstrap_sql     SQL text that selects the rows as pgq.watch_table sends them, in the columns of
--                         pgq.get_batch_events, with type SNAPSHOT and neither id nor transaction (0)
--   pgq.bootstrap_finish  1
-- Errors:
--   PQ001  no such queue
--   PQ002  the consumer is not registered
--   PQ004  the queue's ticker is paused, or its ticks come from outside
--   PQ006  the last tick is ahead of this server's transactions
--   PQ007  the transaction is not READ COMMITTED
--   PQ008  bad name; a member; the table is not watched for the queue; the bootstrap was begun anew or finished
-- Tables:
--   locks the row of pgq.queue; writes pgq.registration, pgq.position, pgq.tick, pgq.retry_queue, pgq.held_event;
--   notifies pgq_tick
create or replace function pgq.bootstrap_start(
  i_queue_name text, i_consumer_name text, out tick_id bigint, out snapshot_name text)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v_queue pgq.queue;
  v_last pgq.tick;
  v_consumer pgq.registration;
  v_seq bigint;
  v_open boolean;
  v_snapshot txid_snapshot;
begin
  perform pgq.check_isolation('bootstrap_start');
  perform pgq.check_name('consumer', i_consumer_name);
  v_queue := pgq.lock_queue(i_queue_name);
  if v_queue.queue_external_ticker or v_queue.queue_ticker_paused then
    raise exception 'cannot bootstrap: the ticker of queue % is paused or external', i_queue_name
      using errcode = 'PQ004', hint = 'A consumer starts at a tick made now: resume the queue first.';
  end if;
  perform pgq.add_consumer(v_queue, i_consumer_name, pgq.kept_tick(v_queue, null::bigint));
  v_consumer := pgq.find_consumer(i_queue_name, i_consumer_name);
  if v_consumer.sub_main is not null then
    raise exception 'cannot bootstrap, % is a member', i_consumer_name
      using errcode = 'PQ008', hint = 'Bootstrap the consumer that it works for.';
  end if;
  delete from pgq.retry_queue r where r.ev_queue = v_queue.queue_id and r.ev_owner = v_consumer.sub_id;
  delete from pgq.held_event e where e.he_sub = v_consumer.sub_id;

  perform pgq_coop.drop_batches(v_consumer.sub_id);

  perform pg_advisory_xact_lock(pgq.tick_lock(), v_queue.queue_id);
  select t.* into v_last from pgq.tick t where t.tick_queue = v_queue.queue_id order by t.tick_id desc limit 1;
  v_seq := coalesce(pg_sequence_last_value(v_queue.queue_event_seq::regclass), 0);
  v_open := pgq.producers_open();
  select pg_export_snapshot(), txid_current_snapshot() into snapshot_name, v_snapshot;
  v_snapshot := pgq.tick_snapshot(v_snapshot);
  if pgq.is_restored() or not pgq.snapshot_follows(v_last.tick_snapshot, v_snapshot) then
    perform pgq.report_behind(i_queue_name, true);
  end if;
  tick_id := pgq.append_tick(v_queue.queue_id, v_snapshot, v_seq, v_open);
  perform pg_notify('pgq_tick', i_queue_name);

  perform pgq.move_consumer(v_consumer.sub_id, tick_id);
  update pgq.registration r set sub_bootstrap_tick = tick_id where r.sub_id = v_consumer.sub_id;
end;
$$;

create or replace function pgq.bootstrap_sql(i_table regclass, i_queue_name text)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_queue_id integer := (pgq.find_queue(i_queue_name)).queue_id;
  v_watch record;
begin
  select
    pgq.trigger_argument(t.tgargs, 5)::jsonb as options, nullif(pgq.trigger_argument(t.tgargs, 2), '')::jsonb as shape
  into v_watch
  from pg_trigger t
  where t.tgrelid = i_table
    and t.tgname like format('pgq\_%s\_%%', v_queue_id)
    and t.tgfoid = any (pgq.capture_functions())
  limit 1;
  if not found then
    raise exception 'table % is not watched for queue %', coalesce(i_table::text, 'null'), i_queue_name
      using errcode = 'PQ008', hint = 'Watch it first: pgq.watch_table(table, queue).';
  end if;
  return format(
    'select 0::bigint as ev_id, now() as ev_time, 0::bigint as ev_txid, null::integer as ev_retry, '
    '''SNAPSHOT''::text as ev_type, pgq.shaped(row_to_json(n.*), %L) as ev_data, %L::text as ev_extra1, '
    'null::text as ev_extra2, %L::text as ev_extra3, null::text as ev_extra4 from %s n where (%s' || E'\n)',
    case when v_watch.shape is not null then pgq.sent_columns(i_table, v_watch.shape) end, i_table,
    (select string_agg(k, ',') from jsonb_array_elements_text(v_watch.options -> 'key') k),
    i_table, coalesce(v_watch.options ->> 'where', 'true'));
end;
$$;

create or replace function pgq.bootstrap_finish(i_queue_name text, i_consumer_name text, i_tick bigint)
returns integer
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_consumer pgq.registration := pgq.find_consumer(i_queue_name, i_consumer_name);
begin
  update pgq.registration r
  set sub_bootstrap_tick = null
  where r.sub_id = v_consumer.sub_id and r.sub_bootstrap_tick = i_tick;
  if not found then
    raise exception 'consumer % is not being bootstrapped at tick %', i_consumer_name, i_tick
      using errcode = 'PQ008', hint = 'Its bootstrap was finished, or begun anew by somebody else.';
  end if;
  perform pg_notify('pgq_tick', i_queue_name);
  return 1;
end;
$$;
