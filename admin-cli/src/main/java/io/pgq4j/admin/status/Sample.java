package io.pgq4j.admin.status;

import io.pgq4j.admin.internal.Rows;
import java.math.BigDecimal;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Queues and consumers at one moment.
 *
 * @param nanos when, by System.nanoTime
 */
record Sample(long nanos, List<Line> lines) {

  /**
   * A queue, or a consumer below it.
   *
   * @param consumer null: the queue itself
   * @param done event ids given out; of a consumer, those it has behind it
   * @param pending event ids given out since the last tick; of a consumer, those it has before it
   * @param retries null: a queue
   * @param dead null: a queue
   * @param trouble why it does not go on; null: nothing is known
   */
  record Line(
      String queue,
      @Nullable String consumer,
      long done,
      @Nullable Duration lag,
      long pending,
      @Nullable Long retries,
      @Nullable Long dead,
      @Nullable String trouble) {

    String key() {
      return queue + "\n" + consumer;
    }
  }

  private static final String SQL =
      """
      select q.queue_name, m.consumer_name, s.seq - coalesce(m.pending, 0) as done, m.lag, m.pending,
             m.retries, m.dead, m.trouble
        from pgq.queue q
        cross join lateral (
          select coalesce(pg_sequence_last_value(q.queue_event_seq::regclass), 0) as seq) s
        join (
          select i.queue_name, null::text as consumer_name, extract(epoch from i.lag) as lag,
                 i.pending_events as pending, null::bigint as retries, null::bigint as dead,
                 case
                   when i.stopped_by is not null then 'no ticks: ' || i.stopped_by
                   when i.blocked_by is not null then 'rotation waits for: ' || i.blocked_by
                 end as trouble
            from pgq.get_queue_metrics() i
          union all
          select c.queue_name, c.consumer_name, extract(epoch from c.lag), c.pending_events,
                 c.retry_events + c.held_events, c.dead_letters,
                 case
                   when c.pending_events is null then 'not registered'
                   when c.paused then 'paused'
                 end
            from pgq.get_consumer_metrics() c) m using (queue_name)
       where q.queue_name = coalesce(?, q.queue_name)
       order by q.queue_name, m.consumer_name is not null, m.consumer_name
      """;

  static Sample take(Connection connection, @Nullable String queue) {
    List<Line> lines = new ArrayList<>();
    Rows.query(connection, "lines", SQL, queue).each(row -> lines.add(line(row)));
    return new Sample(System.nanoTime(), List.copyOf(lines));
  }

  private static Line line(List<@Nullable Object> row) {
    BigDecimal lag = (BigDecimal) row.get(3);
    return new Line(
        String.valueOf(row.get(0)),
        (String) row.get(1),
        number(row.get(2)),
        lag == null ? null : Duration.ofNanos(lag.movePointRight(9).longValue()),
        number(row.get(4)),
        row.get(5) == null ? null : number(row.get(5)),
        row.get(6) == null ? null : number(row.get(6)),
        (String) row.get(7));
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number number ? number.longValue() : 0;
  }
}
