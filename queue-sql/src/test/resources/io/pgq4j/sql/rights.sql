-- Each call is made by a reader, a writer, an admin and a nobody, on PgQ and on pgq4j, and rolled back:
-- RightsDifferentialIT compares who is denied what. There is a queue q, whose consumer c has batch 1 open.
select pgq.create_queue('new')
select pgq.drop_queue('q')
select pgq.drop_queue('q', true)
select pgq.set_queue_config('q', 'ticker_paused', 'true')
select pgq.insert_event('q', 't', 'd')
select pgq.insert_event('q', 't', 'd', '1', '2', '3', '4')
select pgq.insert_event_raw('q', 1, now(), null, null, 't', 'd', '1', '2', '3', '4')
select pgq.current_event_table('q')
select pgq.register_consumer('q', 'new')
select pgq.register_consumer_at('q', 'new', 1)
select pgq.unregister_consumer('q', 'c')
select pgq.next_batch('q', 'c')
select pgq.next_batch_info('q', 'c')
select pgq.next_batch_custom('q', 'c', null, null, null)
select pgq.batch_event_sql(1)
select pgq.batch_event_tables(1)
select * from pgq.find_tick_helper(1, 1, now(), 1, 1, '0')
select pgq.get_batch_events(1)
select pgq.get_batch_cursor(1, 'x', 1)
select pgq.get_batch_cursor(1, 'x', 1, 'true')
select pgq.get_batch_info(1)
select pgq.event_retry(1, 1, 0)
select pgq.event_retry(1, 1, now())
select pgq.event_retry_raw('q', 'c', now(), 1, now(), 1, 't', 'd', '1', '2', '3', '4')
select pgq.batch_retry(1, 0)
select pgq.finish_batch(1)
-- differs for nobody: PgQ tells everybody what there is
select pgq.get_queue_info()
-- differs for nobody: as that
select pgq.get_queue_info('q')
-- differs for nobody, writer: as that; a producer may know nothing of consumers
select pgq.get_consumer_info()
-- differs for nobody, writer: as that
select pgq.get_consumer_info('q')
-- differs for nobody, writer: as that
select pgq.get_consumer_info('q', 'c')
-- differs for nobody: as that
select pgq.version()
-- differs for nobody: as that
select pgq.quote_fqname('a.b')
-- differs for nobody: as that
select pgq.seq_getval('pgq.event_1_id_seq')
select pgq.seq_setval('pgq.event_1_id_seq', 100)
select pgq.ticker()
select pgq.ticker('q')
select pgq.ticker('q', 100, now(), 1)
select pgq.force_tick('q')
select pgq.maint_retry_events()
select pgq.maint_rotate_tables_step1('q')
select pgq.maint_rotate_tables_step2()
select pgq.maint_operations()
select pgq.maint_tables_to_vacuum()
select pgq.tune_storage('q')
select pgq.grant_perms('q')
select pgq.upgrade_schema()

-- what a client does with the answers of batch_event_sql and batch_event_tables
select * from pgq.event_1
select * from pgq.event_1_0
-- differs for nobody: PgQ tells everybody what there is
select * from pgq.queue
-- differs for nobody, writer: as that
select * from pgq.consumer
-- differs for nobody, writer: as that
select * from pgq.subscription
-- differs for nobody, writer: as that
select * from pgq.tick
select * from pgq.retry_queue
select * from pgq.event_template
-- differs for admin: who changes rows by hand breaks rules
update pgq.queue set queue_ticker_paused = true
-- differs for admin: as that
delete from pgq.retry_queue
-- differs for admin: as that
insert into pgq.tick (tick_queue, tick_id, tick_event_seq) values (1, 100, 1)
-- differs for admin: as that
truncate pgq.event_1_1
-- differs for writer: COPY and INSERT may write to the current event table, without choosing ids
insert into pgq.event_1_0 (ev_time, ev_type, ev_data) values (now(), 't', 'd')
-- differs for admin: ids and transactions are not to be chosen
insert into pgq.event_1_0 (ev_id, ev_time, ev_txid) values (1, now(), 1)
create table pgq.mine (id int)
create function pgq.mine() returns int language sql as 'select 1'
