package io.pgq4j.admin.web;

import io.javalin.http.HttpResponseException;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What consumers of a queue failed at: a page of dead letters, by the time they were given up, and
 * the events that are tried again first.
 */
final class Failed {
  private static final String PAGE =
      """
      with queue as (select queue_id from pgq.queue where queue_name = ?),
      dead as (
        select d.*, c.co_name
        from pgq.dead_letter d
        join pgq.consumer c on c.co_id = d.dl_consumer
        where d.dl_queue = (select queue_id from queue)
          and (?::text is null or c.co_name = ?)
          and d.dl_id < ?
        order by d.dl_id desc
        limit 50
      ), subs as (
        select r.sub_id, c.co_name
        from pgq.registration r
        join pgq.consumer c on c.co_id = r.sub_consumer
        where r.sub_queue = (select queue_id from queue) and (?::text is null or c.co_name = ?)
      ), waiting as (
        (select
          s.co_name, r.ev_retry_after as again, null as key, r.ev_retry, r.ev_first_failed,
          r.ev_id, r.ev_time, r.ev_type, r.ev_data, r.ev_extra1, r.ev_extra2, r.ev_extra3, r.ev_extra4
        from pgq.retry_queue r
        left join subs s on s.sub_id = r.ev_owner
        where r.ev_queue = (select queue_id from queue) and (?::text is null or s.sub_id is not null)
        order by r.ev_retry_after
        limit 100)
        union all
        (select
          s.co_name, h.he_after, h.he_key, h.ev_retry, h.ev_first_failed,
          h.ev_id, h.ev_time, h.ev_type, h.ev_data, h.ev_extra1, h.ev_extra2, h.ev_extra3, h.ev_extra4
        from pgq.held_event h
        join subs s on s.sub_id = h.he_sub
        order by h.he_after
        limit 100)
      )
      select jsonb_build_object(
        'dead', coalesce((
          select jsonb_agg(jsonb_build_object(
            'consumer', d.co_name,
            'first', extract(epoch from d.dl_first_time) * 1000,
            'last', extract(epoch from d.dl_time) * 1000,
            'attempts', d.dl_attempts,
            'reason', left(d.dl_reason, 20000),
            %1$s) order by d.dl_id desc)
          from dead d), '[]'),
        'next', (select min(dl_id)::text from dead having count(*) = 50),
        'waiting', coalesce((
          select jsonb_agg(jsonb_build_object(
            'consumer', d.co_name,
            'again', extract(epoch from d.again) * 1000,
            'key', d.key,
            'retry', d.ev_retry,
            'first', extract(epoch from d.ev_first_failed) * 1000,
            %1$s) order by d.again)
          from waiting d), '[]'))
      from queue
      """
          .formatted(
              """
              'id', d.ev_id::text,
                    'time', extract(epoch from d.ev_time) * 1000,
                    'type', d.ev_type,
                    'data', left(d.ev_data, 100000),
                    'size', octet_length(d.ev_data),
                    'extra1', left(d.ev_extra1, 100000),
                    'extra2', left(d.ev_extra2, 100000),
                    'extra3', left(d.ev_extra3, 100000),
                    'extra4', left(d.ev_extra4, 100000)\
              """);

  private Failed() {}

  /**
   * A page, as JSON.
   *
   * @param parameter by its name: consumer, if only one's are asked for; after, a page's next
   */
  static String page(Reader reader, String queue, UnaryOperator<@Nullable String> parameter) {
    @Nullable String consumer = parameter.apply("consumer");
    long before = Numbers.parse(parameter.apply("after"), Long.MAX_VALUE);
    String page =
        reader.json(
            PAGE, Arrays.asList(queue, consumer, consumer, before, consumer, consumer, consumer));
    if (page == null) {
      throw new HttpResponseException(404, "There is no queue of that name any more.");
    }
    return page;
  }
}
