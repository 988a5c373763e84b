-- The life of a queue. How a script is read: Differential.Call.

-- queues
select pgq.create_queue('q')
select pgq.create_queue('q')
select pgq.create_queue('Weird; "name"')
select pgq.create_queue(null)
select pgq.set_queue_config('q', 'ticker_max_lag', '0')
select pgq.set_queue_config('q', 'ticker_idle_period', '1 hour')
select pgq.set_queue_config('q', 'rotation_period', '0')
select pgq.set_queue_config('nope', 'rotation_period', '0')
select queue_name, queue_ntables, queue_cur_table, queue_rotation_period::text, queue_external_ticker, queue_disable_insert, queue_ticker_paused, queue_ticker_max_count, queue_ticker_max_lag::text, queue_ticker_idle_period::text, queue_per_tx_limit, queue_data_pfx, queue_event_seq, queue_tick_seq, queue_extra_maint from pgq.queue where queue_name = 'q'
select pgq.current_event_table('q')
select pgq.current_event_table('nope')
select pgq.drop_queue('nope')
select pgq.drop_queue('Weird; "name"')

-- registration
select pgq.register_consumer('nope', 'c')
select pgq.register_consumer('q', 'c')
select pgq.register_consumer('q', 'c')
select pgq.register_consumer_at('q', 'd', 999)
select pgq.register_consumer_at('q', 'd', 1)
select pgq.unregister_consumer('q', 'nope')
select pgq.unregister_consumer('nope', 'c')
select pgq.drop_queue('q')
select sub_queue, sub_consumer, sub_last_tick, sub_active, sub_batch, sub_next_tick from pgq.subscription order by 2
select co_id, co_name from pgq.consumer order by 1

-- events
select pgq.insert_event('nope', 't', 'd')
select pgq.insert_event(null, 't', 'd')
select pgq.insert_event('q', 'type', 'data')
select pgq.insert_event('q', null, null)
select pgq.insert_event('q', 'type', 'data', 'one', 'two', null, 'four')
copy pgq.event_1_0 (ev_time, ev_type, ev_data) from stdin 2020-01-01\tcopied\tdata

-- ticks and batches
select pgq.next_batch('q', 'c')
select * from pgq.next_batch_info('q', 'c')
select pgq.ticker('nope')
select pgq.ticker('q')
select pgq.ticker('q')
select pgq.next_batch('q', 'nope')
select pgq.next_batch('nope', 'c')
select batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq from pgq.next_batch_info('q', 'c')
select pgq.next_batch('q', 'c')
select batch_id, cur_tick_id, prev_tick_id, cur_tick_time, prev_tick_time, cur_tick_event_seq from pgq.next_batch_custom('q', 'c', null, null, null)
select queue_name, consumer_name, batch_start, batch_end, prev_tick_id, tick_id, lag, seq_end from pgq.get_batch_info(1)
select * from pgq.get_batch_info(99)
select * from pgq.get_batch_events(1)
select * from pgq.get_batch_events(99)
select * from pgq.get_batch_cursor(99, 'cur', 10)
begin
select * from pgq.get_batch_cursor(1, 'cur', 2)
fetch 10 from cur
commit
begin
select * from pgq.get_batch_cursor(1, 'cur', 10, 'ev_type is null')
rollback
select queue_name, consumer_name, lag, last_seen, last_tick, current_batch, next_tick from pgq.get_consumer_info('q', 'c')
select queue_name, ev_new, last_tick_id from pgq.get_queue_info('q')
select * from pgq.get_queue_info('nope')
select * from pgq.get_consumer_info('nope')

-- retries
select pgq.event_retry(1, 1, 0)
select pgq.event_retry(1, 1, 0)
select pgq.event_retry(1, 2, now() + interval '1 hour')
select pgq.event_retry(1, 77, 0)
select pgq.batch_retry(1, 3600)
select pgq.batch_retry(99, 1)
select ev_queue, ev_id, ev_txid, ev_owner, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4 from pgq.retry_queue order by ev_id
select pgq.finish_batch(1)
select pgq.finish_batch(1)
select pgq.finish_batch(99)
select pgq.maint_retry_events()
select pgq.maint_retry_events()
select pgq.insert_event('q', 'after', 'retry')
select pgq.ticker('q')
select pgq.next_batch('q', 'c')
select * from pgq.get_batch_events(2)
select pgq.finish_batch(2)
select pgq.next_batch('q', 'd')
select * from pgq.get_batch_events(3)
select pgq.unregister_consumer('q', 'd')
select pgq.finish_batch(3)

-- tickers
select pgq.set_queue_config('q', 'ticker_paused', 'true')
select pgq.ticker('q')
select pgq.force_tick('q')
select pgq.set_queue_config('q', 'ticker_paused', 'false')
select pgq.set_queue_config('q', 'external_ticker', 'true')
select pgq.ticker('q')
select pgq.force_tick('q')
select pgq.ticker('q', 100, '2020-01-01', 500)
select pgq.ticker('nope', 100, now(), 500)
select tick_id, tick_event_seq from pgq.tick where tick_queue = 1 order by tick_id desc limit 1
select pgq.insert_event('q', 'after', 'external')
select pgq.set_queue_config('q', 'external_ticker', 'false')
select pgq.ticker('q', 200, now(), 500)
select pgq.force_tick('nope')

-- maintenance
select pgq.maint_rotate_tables_step1('nope')
select pgq.maint_rotate_tables_step2()
select queue_name, consumer_name, lag, last_seen, last_tick, current_batch, next_tick from pgq.get_consumer_info() order by 1, 2
select pgq.drop_queue('q', true)
select count(*) from pgq.queue
