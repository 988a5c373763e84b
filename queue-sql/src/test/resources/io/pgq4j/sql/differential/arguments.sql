-- Nulls, and arguments that make no sense.
select pgq.create_queue('q')
select pgq.register_consumer('q', 'c')
select pgq.set_queue_config('q', 'ticker_max_lag', '0')
select pgq.insert_event('q', 'type', 'data')
select pgq.ticker('q')
select pgq.next_batch('q', 'c')

select pgq.create_queue(null)
select pgq.drop_queue(null)
select pgq.drop_queue(null, true)
select pgq.drop_queue(null, null)
select pgq.drop_queue('q', null)
select pgq.drop_queue('q', false)
select pgq.set_queue_config(null, null, null)
select pgq.set_queue_config(null, 'ticker_paused', 'true')
select pgq.set_queue_config('q', null, 'true')
select pgq.set_queue_config('nope', 'ticker_paused', 'true')
select pgq.insert_event(null, null, null)
select pgq.insert_event(null, null, null, null, null, null, null)
select pgq.insert_event('', 't', 'd')
select pgq.insert_event('Q', 't', 'd')
select pgq.insert_event('q', null, null, null, null, null, null)
select pgq.insert_event_raw(null, null, null, null, null, null, null, null, null, null, null)
select pgq.current_event_table(null)
select pgq.current_event_table('q')

select pgq.register_consumer(null, null)
select pgq.register_consumer(null, 'c')
-- differs: PgQ fails with an error of PostgreSQL's
select pgq.register_consumer('q', null)
select pgq.register_consumer('nope', 'c')
select pgq.register_consumer_at(null, null, null)
-- differs: as that
select pgq.register_consumer_at('q', null, 1)
select pgq.register_consumer_at('q', 'c', null)
select pgq.register_consumer_at('q', 'new', null)
select pgq.register_consumer_at('q', 'new', -1)
select pgq.register_consumer_at('q', 'new', 0)
select pgq.unregister_consumer(null, null)
select pgq.unregister_consumer('q', null)
select pgq.unregister_consumer(null, 'c')
select pgq.next_batch(null, null)
select pgq.next_batch('q', null)
select pgq.next_batch(null, 'c')
select * from pgq.next_batch_info(null, null)
select * from pgq.next_batch_info('q', 'nope')
select * from pgq.next_batch_custom(null, null, null, null, null)
select * from pgq.next_batch_custom('q', 'nope', '1 second', 1, '1 second')
select batch_id, cur_tick_id from pgq.next_batch_custom('q', 'new', '1 hour', null, null)
select batch_id, cur_tick_id from pgq.next_batch_custom('q', 'new', null, 1000, null)
select batch_id, cur_tick_id from pgq.next_batch_custom('q', 'new', null, null, '1 hour')
select batch_id, cur_tick_id from pgq.next_batch_custom('q', 'new', '1 hour', 0, '0')
select batch_id, cur_tick_id from pgq.next_batch_custom('q', 'new', '-1 hour', 0, null)
select pgq.batch_event_sql(null)
select pgq.batch_event_sql(-1)
select pgq.batch_event_tables(null)
select pgq.batch_event_tables(-1)
select * from pgq.get_batch_events(null)
select * from pgq.get_batch_events(-1)
select * from pgq.get_batch_cursor(null, null, null)
select * from pgq.get_batch_cursor(null, 'x', 10, 'true')
begin
select * from pgq.get_batch_cursor(1, null, 10)
rollback
begin
select * from pgq.get_batch_cursor(1, 'x', null)
rollback
begin
select * from pgq.get_batch_cursor(1, 'x', 0)
fetch all from x
rollback
begin
-- differs: our cursor goes forward only
select * from pgq.get_batch_cursor(1, 'x', -1)
rollback
begin
select * from pgq.get_batch_cursor(1, 'Odd "name"', 10, null)
select * from pgq.get_batch_cursor(1, 'Odd "name"', 10, null)
rollback
begin
-- differs: PgQ fails elsewhere in its statement
select * from pgq.get_batch_cursor(1, 'x', 10, '')
rollback
begin
select * from pgq.get_batch_cursor(1, 'x', 10, 'nope')
rollback
begin
select * from pgq.get_batch_cursor(1, 'x', 10, 'ev_type is null or ev_data = ''data''')
rollback
select * from pgq.get_batch_cursor(1, 'outside of a transaction', 10)
select * from pgq.get_batch_info(null)
select * from pgq.get_batch_info(-1)
select pgq.finish_batch(null)
select pgq.finish_batch(-1)
select pgq.finish_batch(9223372036854775807)
-- differs: nulls are refused as such
select pgq.event_retry(null, null, null::integer)
-- differs: nulls are refused as such
select pgq.event_retry(null, null, null::timestamptz)
-- differs: nulls are refused as such
select pgq.event_retry(1, null, 1)
-- differs: it is the batch that is not found
select pgq.event_retry(null, 1, 1)
-- differs: it is the batch that is not found
select pgq.event_retry(-1, 1, 1)
select pgq.event_retry(1, -1, 1)
-- differs: nulls are refused as such
select pgq.event_retry(1, 1, null::integer)
-- differs: nulls are refused as such
select pgq.event_retry(1, 1, null::timestamptz)
select pgq.event_retry(1, 1, -1)
select pgq.event_retry(1, 1, '-infinity'::timestamptz)
select pgq.event_retry(1, 1, 'infinity'::timestamptz)
select pgq.event_retry(1, 2, '2020-01-01'::timestamptz)
select pgq.batch_retry(null, null)
select pgq.batch_retry(null, 1)
-- differs: null is refused although all events are there already
select pgq.batch_retry(1, null)
select pgq.batch_retry(1, -1)
select ev_id, ev_queue, ev_owner, ev_retry from pgq.retry_queue order by ev_id
select pgq.event_retry_raw(null, null, null, null, null, null, null, null, null, null, null, null)

select pgq.ticker(null)
select pgq.ticker('')
select pgq.ticker(null, null, null, null)
select pgq.ticker('q', null, null, null)
select pgq.force_tick(null)
select pgq.force_tick('nope')
select pgq.find_tick_helper(null, null, null, null, null, null)
select pgq.maint_rotate_tables_step1(null)
select pgq.maint_rotate_tables_step1('')
select pgq.tune_storage(null)
select pgq.grant_perms(null)
select pgq.seq_getval(null)
select pgq.seq_setval(null, null)
select pgq.seq_setval('pgq.batch_id_seq', null)
select pgq.seq_setval(null, 1)
select pgq.quote_fqname(null)
select queue_name, ev_new, last_tick_id from pgq.get_queue_info(null)
select * from pgq.get_queue_info('')
select queue_name, consumer_name, lag, last_seen, last_tick, current_batch, next_tick from pgq.get_consumer_info(null)
select queue_name, consumer_name, lag, last_seen, last_tick, current_batch, next_tick from pgq.get_consumer_info(null, null)
select queue_name, consumer_name, lag, last_seen, last_tick, current_batch, next_tick from pgq.get_consumer_info('q', 'nope')
select queue_name, consumer_name, lag, last_seen, last_tick, current_batch, next_tick from pgq.get_consumer_info(null, 'c')
-- differs: we count events too that wait for their tick; and PgQ says that the first tick had seen one
select pending_events from pgq.get_consumer_info('q', 'c')
