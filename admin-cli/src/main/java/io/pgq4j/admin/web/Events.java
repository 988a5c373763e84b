package io.pgq4j.admin.web;

import io.javalin.http.HttpResponseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A page of a queue's events, by transaction and id, found by the index of transactions: newest
 * first, or oldest first from a time, an id or a tick on.
 *
 * <p>Ids, times and texts have no index. Ticks tell where to begin: an event that got its id, or
 * happened, after a tick was written by a transaction that had not ended at that tick. And a page
 * looks at 5000 events at most, and says where to go on.
 */
final class Events {
  private static final String QUEUE = "select queue_id from pgq.queue where queue_name = ?";

  /**
   * To fill in: 1 the table, 2 which rows are scanned, 3 their order, 4 which of them are shown.
   */
  private static final String PAGE =
      """
      with scanned as (
        select e.*, row_number() over (order by e.ev_txid %3$s, e.ev_id %3$s) as n
        from (select * from %1$s where %2$s order by ev_txid %3$s, ev_id %3$s limit 5000) e
      ), found as (
        select * from scanned where %4$s order by n limit 50
      )
      select jsonb_build_object(
        'events', coalesce((
          select jsonb_agg(jsonb_build_object(
            'id', e.ev_id::text,
            'time', extract(epoch from e.ev_time) * 1000,
            'txid', e.ev_txid::text,
            'retry', e.ev_retry,
            'only', c.co_name,
            'type', e.ev_type,
            'data', left(e.ev_data, 100000),
            'size', octet_length(e.ev_data),
            'extra1', left(e.ev_extra1, 100000),
            'extra2', left(e.ev_extra2, 100000),
            'extra3', left(e.ev_extra3, 100000),
            'extra4', left(e.ev_extra4, 100000)) order by e.n)
          from found e
          left join pgq.registration r on r.sub_id = e.ev_owner
          left join pgq.consumer c on c.co_id = r.sub_consumer), '[]'),
        'scanned', (select count(*) from scanned),
        'next', (
          select s.ev_txid || '.' || s.ev_id
          from scanned s
          where s.n = case
            when (select count(*) from found) = 50 then (select max(n) from found)
            when (select count(*) from scanned) = 5000 then 5000
          end))
      """;

  /** The first transaction that may have written what came after a tick; to fill in: which tick. */
  private static final String AFTER_TICK =
      "ev_txid >= coalesce((select txid_snapshot_xmin(tick_snapshot) from pgq.tick"
          + " where tick_queue = ? and %s order by tick_id desc limit 1), 0)";

  private final long queue;
  private final List<String> scanned = new ArrayList<>(List.of("true"));
  private final List<Object> scannedValues = new ArrayList<>();
  private final List<String> shown = new ArrayList<>(List.of("true"));
  private final List<Object> shownValues = new ArrayList<>();
  private String order = "asc";

  private Events(long queue) {
    this.queue = queue;
  }

  /**
   * A page, as JSON.
   *
   * @param parameter by its name: queue; from, which is time (with at in milliseconds), id or tick
   *     (with at), or nothing; type; text, part of the data; after, a page's next
   */
  static String page(Reader reader, UnaryOperator<@Nullable String> parameter) {
    String name = Objects.requireNonNullElse(parameter.apply("queue"), "");
    String id = reader.json(QUEUE, List.of(name));
    if (id == null) {
      throw new HttpResponseException(404, "There is no queue of that name any more.");
    }
    Events events = new Events(Long.parseLong(id));
    events.begin(parameter.apply("from"), Numbers.parse(parameter.apply("at"), 0));
    events.goOn(parameter.apply("after"));
    events.filter("ev_type = ?", parameter.apply("type"));
    events.filter("strpos(ev_data, ?) > 0", parameter.apply("text"));
    return events.read(reader);
  }

  private void begin(@Nullable String from, long at) {
    switch (Objects.requireNonNullElse(from, "")) {
      case "" -> order = "desc";
      case "time" -> {
        scan(AFTER_TICK.formatted("tick_time <= to_timestamp(? / 1000.0)"), queue, at);
        show("ev_time >= to_timestamp(? / 1000.0)", at);
      }
      case "id" -> {
        scan(AFTER_TICK.formatted("tick_event_seq < ?"), queue, at);
        show("ev_id >= ?", at);
      }
      case "tick" -> {
        scan(AFTER_TICK.formatted("tick_id < ?"), queue, at);
        String snapshot =
            "(select tick_snapshot from pgq.tick where tick_queue = ? and tick_id %s ?"
                + " order by tick_id desc limit 1)";
        String tick = snapshot.formatted("=");
        String before = snapshot.formatted("<");
        scan(
            "ev_txid < (select txid_snapshot_xmax(tick_snapshot) from pgq.tick"
                + " where tick_queue = ? and tick_id = ?)",
            queue,
            at);
        show("txid_visible_in_snapshot(ev_txid, " + tick + ")", queue, at);
        show("txid_visible_in_snapshot(ev_txid, " + before + ") is not true", queue, at);
      }
      default -> throw new HttpResponseException(400, "Events are shown from a time, id or tick.");
    }
  }

  /** After the transaction and event at which the last page ended. */
  private void goOn(@Nullable String after) {
    if (after == null || after.isEmpty()) {
      return;
    }
    int dot = after.indexOf('.');
    if (dot < 0) {
      throw new HttpResponseException(400, "'" + after + "' is not where a page ended.");
    }
    long txid = Numbers.parse(after.substring(0, dot), 0);
    long id = Numbers.parse(after.substring(dot + 1), 0);
    scan(order.equals("asc") ? "(ev_txid, ev_id) > (?, ?)" : "(ev_txid, ev_id) < (?, ?)", txid, id);
  }

  private void filter(String condition, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      show(condition, value);
    }
  }

  private void scan(String condition, Object... values) {
    scanned.add(condition);
    scannedValues.addAll(List.of(values));
  }

  private void show(String condition, Object... values) {
    shown.add(condition);
    shownValues.addAll(List.of(values));
  }

  private String read(Reader reader) {
    String sql =
        PAGE.formatted(
            "pgq.event_" + queue,
            String.join(" and ", scanned),
            order,
            String.join(" and ", shown));
    List<Object> values = new ArrayList<>(scannedValues);
    values.addAll(shownValues);
    return Objects.requireNonNull(reader.json(sql, values));
  }
}
