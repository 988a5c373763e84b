package io.pgq4j.admin.web;

/** What every page is told each second. */
final class Live {
  /**
   * Queues, consumers, and the last batches: sixty rows of the log of positions, found by its index
   * of batches, are some thirty of them. Ids are texts, since a browser's numbers end at 2^53.
   */
  static final String SQL =
      """
      select jsonb_build_object(
        'time', extract(epoch from clock_timestamp()) * 1000,
        'queues', coalesce((
          select jsonb_agg(jsonb_build_object(
            'name', i.queue_name,
            'last_event', coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0),
            'lag', extract(epoch from m.lag),
            'pending', m.pending_events,
            'delayed', m.delayed_events,
            'stopped', m.stopped_by,
            'refuses', q.queue_disable_insert,
            'tick', i.last_tick_id::text,
            'tick_age', extract(epoch from i.ticker_lag),
            'max_count', i.queue_ticker_max_count,
            'max_lag', extract(epoch from i.queue_ticker_max_lag),
            'idle', extract(epoch from i.queue_ticker_idle_period),
            'tables', i.queue_ntables,
            'table', i.queue_cur_table,
            'rotation', extract(epoch from i.queue_rotation_period),
            'rotation_age', extract(epoch from m.rotation_age),
            'overdue', extract(epoch from m.rotation_overdue),
            'blocked', m.blocked_by) order by i.queue_name)
          from pgq.get_queue_info() i
          join pgq.get_queue_metrics() m using (queue_name)
          join pgq.queue q using (queue_name)), '[]'),
        'consumers', coalesce((
          select jsonb_agg(jsonb_build_object(
            'queue', queue_name,
            'name', consumer_name,
            'registered', i.last_seen is not null or m.lag is not null,
            'member', m.dead_letters is null,
            'lag', extract(epoch from m.lag),
            'pending', m.pending_events,
            'retries', m.retry_events,
            'held', m.held_events,
            'dead', m.dead_letters,
            'seen', extract(epoch from i.last_seen),
            'tick', i.last_tick::text,
            'batch', i.current_batch::text,
            'paused', extract(epoch from clock_timestamp() - p.paused_at),
            'bootstrap', p.bootstrap_tick::text,
            'host', s.host,
            'process', s.process,
            'running', extract(epoch from clock_timestamp() - s.started),
            'state', s.state,
            'state_age', extract(epoch from clock_timestamp() - s.since),
            'error', left(s.error, 2000),
            'error_age', extract(epoch from clock_timestamp() - s.error_time),
            'connected', s.connected) order by queue_name, consumer_name)
          from pgq.get_consumer_metrics() m
          full join pgq.get_consumer_info() i using (queue_name, consumer_name)
          left join pgq.get_consumer_states() s using (queue_name, consumer_name)
          left join pgq.get_paused_consumers() p using (queue_name, consumer_name)), '[]'),
        'batches', coalesce((
          select jsonb_agg(jsonb_build_object(
            'batch', b.batch_id::text,
            'queue', q.queue_name,
            'consumer', c.co_name,
            'opened', extract(epoch from b.opened) * 1000,
            'took', extract(epoch from coalesce(n.pos_time, clock_timestamp()) - b.opened),
            'events', t.tick_event_seq - f.tick_event_seq,
            'from', b.last_tick::text,
            'to', b.next_tick::text,
            'end', case
              when n.pos_seq is null then 'open'
              when n.last_tick is null or n.last_tick = b.next_tick then 'finished'
              else 'abandoned'
            end) order by b.batch_id desc)
          from (
            select
              p.sub_id, p.batch_id, min(p.pos_time) as opened, max(p.pos_seq) as pos_seq,
              min(p.last_tick) as last_tick, max(p.next_tick) as next_tick
            from (
              select * from pgq.position where batch_id is not null order by batch_id desc limit 60) p
            group by p.sub_id, p.batch_id) b
          join pgq.registration r on r.sub_id = b.sub_id
          join pgq.queue q on q.queue_id = r.sub_queue
          join pgq.consumer c on c.co_id = r.sub_consumer
          left join lateral (
            select p.pos_seq, p.pos_time, p.last_tick
            from pgq.position p
            where p.sub_id = b.sub_id and p.pos_seq > b.pos_seq
            order by p.pos_seq
            limit 1) n on true
          left join lateral ( -- offset 0: see pgq.batch
            select k.* from pgq.tick k
             where k.tick_queue = r.sub_queue and k.tick_id = b.last_tick offset 0) f on true
          left join lateral (
            select k.* from pgq.tick k
             where k.tick_queue = r.sub_queue and k.tick_id = b.next_tick offset 0) t on true), '[]'))
      """;

  private Live() {}
}
