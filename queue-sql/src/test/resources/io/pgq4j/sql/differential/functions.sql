-- Functions for tools, and settings that only a table holds.
select pgq.create_queue('q')
select pgq.register_consumer('q', 'c')
select pgq.set_queue_config('q', 'ticker_max_lag', '0')

-- batches and ticks
select * from pgq.batch_event_tables(1)
select pgq.insert_event('q', 'type', 'data')
select pgq.ticker('q')
select pgq.force_tick('q')
select pgq.ticker('q')
select pgq.next_batch('q', 'c')
-- differs: an event may be in any slot: a REPEATABLE READ producer writes to one that was current long ago
select * from pgq.batch_event_tables(1)
-- differs: the events of a batch are found otherwise
select pgq.batch_event_sql(1)
select next_tick_id, next_tick_time from pgq.find_tick_helper(1, 1, now(), 1, 1, null)
select next_tick_id, next_tick_time from pgq.find_tick_helper(1, 1, now(), 1, 100000, null)
select next_tick_id, next_tick_time from pgq.find_tick_helper(1, 1, '2020-01-01', 1, null, '0')
select next_tick_id, next_tick_time from pgq.find_tick_helper(1, 1, '2020-01-01', 1, null, '1 hour')
select next_tick_id, next_tick_time from pgq.find_tick_helper(1, 1, '2020-01-01', 1, 100000, '1 hour')
select next_tick_id, next_tick_time from pgq.find_tick_helper(1, 1, now(), 1, null, '1 hour')
select next_tick_id, next_tick_time from pgq.find_tick_helper(1, 2, '2020-01-01', 1, 1, '1 hour')
select next_tick_id, next_tick_time from pgq.find_tick_helper(1, 3, '2020-01-01', 1, 1, '1 hour')
select * from pgq.find_tick_helper(1, 1, now(), 1, null, null)

-- raw events
select pgq.event_retry_raw('q', 'c', now(), 1, now(), 7, 't', 'd', '1', '2', '3', '4')
select pgq.event_retry_raw('q', 'c', now(), 1, now(), 7, 't', 'd', '1', '2', '3', '4')
select pgq.event_retry_raw('q', 'c', now(), 2, null, null, null, null, null, null, null, null)
select pgq.event_retry_raw('q', 'c', null, 2, null, null, null, null, null, null, null, null)
select pgq.event_retry_raw('q', 'c', now(), 1000000, now(), null, null, null, null, null, null, null)
select pgq.event_retry_raw('q', 'nope', now(), 1, now(), 1, 't', 'd', '1', '2', '3', '4')
select pgq.event_retry_raw('nope', 'c', now(), 1, now(), 1, 't', 'd', '1', '2', '3', '4')
select pgq.event_retry_raw(null, null, now(), 1, now(), 1, 't', 'd', '1', '2', '3', '4')
select ev_queue, ev_id, ev_txid, ev_owner, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from pgq.retry_queue order by ev_id
select pgq.insert_event_raw('q', null, null, null, null, 't', 'd', '1', '2', '3', '4') > 500
select pgq.insert_event_raw('q', 1000001, '2020-01-01', null, 3, 't', 'd', null, null, null, null)
select pgq.insert_event_raw('q', 1000002, '2020-01-01', 1, 3, 't', 'own', null, null, null, null)
select pgq.insert_event_raw('q', 1000003, '2020-01-01', 99, 0, 't', 'not own', null, null, null, null)
select pgq.insert_event_raw('nope', 5, '2020-01-01', 99, 0, null, null, null, null, null, null)
select pgq.insert_event_raw(null, 5, '2020-01-01', 99, 0, null, null, null, null, null, null)
select pgq.maint_retry_events()
select pgq.ticker('q')
select pgq.finish_batch(1)
select pgq.next_batch('q', 'c')
select ev_retry, ev_type, ev_data, ev_extra1, ev_extra4 from pgq.get_batch_events(2)
select pgq.finish_batch(2)
-- differs: PgQ gives out 2000 ids to force a tick, we as few as it takes
select pgq.seq_getval('pgq.event_1_id_seq')

-- a limit for each transaction
update pgq.queue set queue_per_tx_limit = 2
begin
select pgq.insert_event('q', 't', 'd') > 0
select pgq.insert_event('q', 't', 'd') > 0
select pgq.insert_event('q', 't', 'd') > 0
rollback
begin
select pgq.insert_event_raw('q', 1, now(), null, null, 't', 'd', null, null, null, null)
select pgq.insert_event('q', 't', 'd') > 0
commit
begin
select pgq.insert_event('q', 't', 'd') > 0
select pgq.insert_event('q', 't', 'd') > 0
select pgq.insert_event_raw('q', 1, now(), null, null, 't', 'd', null, null, null, null)
rollback
select pgq.create_queue('other')
begin
select pgq.insert_event('q', 't', 'd') > 0
select pgq.insert_event('q', 't', 'd') > 0
select pgq.insert_event('other', 't', 'd')
select pgq.insert_event('other', 't', 'd')
select pgq.insert_event('other', 't', 'd')
commit
begin
select pgq.insert_event('q', 't', 'd') > 0
savepoint s
select pgq.insert_event('q', 't', 'd') > 0
rollback to s
-- differs: what a savepoint took back does not count
select pgq.insert_event('q', 't', 'd') > 0
rollback
update pgq.queue set queue_per_tx_limit = 0
select pgq.insert_event('q', 't', 'd') > 0
update pgq.queue set queue_per_tx_limit = -1
select pgq.insert_event('q', 't', 'd') > 0
update pgq.queue set queue_per_tx_limit = null

-- inserting is disabled
update pgq.queue set queue_disable_insert = true where queue_name = 'q'
select pgq.insert_event('q', 't', 'd') > 0
select pgq.insert_event_raw('q', 1, now(), null, null, 't', 'd', null, null, null, null)
select pgq.insert_event('other', 't', 'd')
update pgq.queue set queue_disable_insert = false

-- settings
select pgq.set_queue_config('q', 'ticker_max_count', '10')
select pgq.set_queue_config('q', 'ticker_max_lag', '10 seconds')
select pgq.set_queue_config('q', 'ticker_idle_period', '1 day')
select pgq.set_queue_config('q', 'ticker_paused', 'yes')
select pgq.set_queue_config('q', 'rotation_period', '30 minutes')
select pgq.set_queue_config('q', 'external_ticker', 'on')
select queue_ticker_max_count, queue_ticker_max_lag::text, queue_ticker_idle_period::text, queue_ticker_paused, queue_rotation_period::text, queue_external_ticker from pgq.queue where queue_name = 'q'
-- differs: PgQ adds an s to the name
select pgq.set_queue_config('q', 'nope', '10')
-- differs: PgQ fails with an error of PostgreSQL's
select pgq.set_queue_config('q', 'ticker_max_count', 'ten')
-- differs: as that
select pgq.set_queue_config('q', 'ticker_max_lag', 'ten')
-- differs: as that
select pgq.set_queue_config('q', 'ticker_paused', 'ten')
-- differs: as that
select pgq.set_queue_config('q', 'ticker_max_count', null)
-- differs: would make a queue unusable
select pgq.set_queue_config('q', 'ticker_max_count', '-1')
-- differs: settings beyond PgQ's
select pgq.set_queue_config('q', 'per_tx_limit', '10')
select pgq.set_queue_config('q', 'rotation_period', '0')
select pgq.set_queue_config('q', 'external_ticker', 'off')

-- maintenance
select pgq.maint_tables_to_vacuum()
-- differs: PgQ lists a rotation of what is empty, and a second step of rotation
select * from pgq.maint_operations()
update pgq.queue set queue_extra_maint = '{a.b,f,"X y"}' where queue_name = 'q'
update pgq.queue set queue_extra_maint = '{z}' where queue_name = 'other'
select * from pgq.maint_operations() where func_name not like 'pgq.%'
update pgq.queue set queue_extra_maint = null
select pgq.tune_storage('q')
select pgq.tune_storage('nope')
select pgq.grant_perms('q')
select pgq.grant_perms('nope')
select pgq.upgrade_schema()
select pgq.version()

-- sequences and names
create sequence s
select pgq.seq_getval('s')
select pgq.seq_getval('public.s')
select pgq.seq_getval('nope')
select pgq.seq_getval('pgq.queue')
select pgq.seq_setval('s', 1)
select nextval('s')
select pgq.seq_setval('s', 5)
select pgq.seq_setval('s', 4)
select nextval('s')
select pgq.seq_setval('public.s', 7)
select nextval('s')
select pgq.seq_setval('nope', 5)
select pgq.quote_fqname(n) from unnest(array['a.b', 'b', 'A.b', 'a.b.c', 'select', '', '.', 'a.', '.a', '"a".b', 'ä.ö']) n
