package io.pgq4j.sql;

import io.pgq4j.sql.Differential.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Sequences of calls over two queues and two consumers, with producers in two more sessions that
 * leave their transactions open for a while. The same seed gives the same sequence.
 *
 * <p>Batches and events are named by what they belong to, not by their ids: functions made by
 * {@link #HELPERS} find them. So a sequence makes sense on every database, and still does when
 * calls are taken out of it.
 *
 * <p>What pgq4j does otherwise on purpose (docs/explanation/compatibility.md) is kept out:
 *
 * <ul>
 *   <li>when a tick is due: the idle period is 0 and each tick is forced, so that each call ticks;
 *   <li>whether a call that fails uses up an id: ids are not compared, but sort what is;
 *   <li>how many events a call of maint_retry_events moves: it is called until it moves none;
 *   <li>retries to a queue that refuses events: PgQ returns none at all then;
 *   <li>whether rotation answers 0 or 1, and what it does to REPEATABLE READ producers;
 *   <li>which older ticks are still good after a rotation: a sequence has rotations or positions;
 *   <li>locks that a DROP or TRUNCATE waits for: none is made while a producer is in flight.
 * </ul>
 */
final class RandomCalls {

  /** Run on both databases before a sequence. */
  static final List<String> HELPERS =
      List.of(
          "alter table pgq.queue alter queue_ticker_idle_period set default '0'",
          "alter table pgq.queue alter queue_rotation_period set default '0'",
          """
          create function open_batch(text, text) returns bigint language sql as $$
            select s.sub_batch
            from pgq.subscription s
            join pgq.queue q on q.queue_id = s.sub_queue
            join pgq.consumer c on c.co_id = s.sub_consumer
            where q.queue_name = $1 and c.co_name = $2
          $$""",
          """
          create function nth_event(text, text, integer) returns setof bigint language sql as $$
            select ev_id from pgq.get_batch_events(open_batch($1, $2)) order by 1 offset $3 limit 1
          $$""",
          """
          create function drain(text, text) returns setof text language plpgsql as $$
          declare
            v_batch bigint;
          begin
            loop
              v_batch := pgq.next_batch($1, $2);
              exit when v_batch is null;
              return query
              select 'batch: ' || coalesce(string_agg(concat(ev_data, '/', ev_retry), ' ' order by ev_id), '')
              from pgq.get_batch_events(v_batch);
              perform pgq.finish_batch(v_batch);
            end loop;
          end $$""",
          """
          create function retry_all() returns bigint language plpgsql as $$
          declare
            v_moved bigint;
            v_all bigint := 0;
          begin
            update pgq.queue set queue_disable_insert = false, queue_per_tx_limit = null;
            loop
              v_moved := pgq.maint_retry_events();
              exit when v_moved = 0;
              v_all := v_all + v_moved;
            end loop;
            return v_all;
          end $$""",
          """
          create function tick(text) returns bigint language plpgsql as $$
          begin
            perform pgq.force_tick(q.queue_name) from pgq.queue q where q.queue_name = $1 or $1 is null;
            return case when $1 is null then pgq.ticker() else pgq.ticker($1) end;
          end $$""",
          """
          create function rotate(text) returns void language plpgsql as $$
          begin
            perform pgq.maint_rotate_tables_step1($1);
          end $$""");

  private static final List<String> BEGINNING =
      List.of(
          "select pgq.create_queue('a')",
          "select pgq.create_queue('b')",
          "select pgq.register_consumer('a', 'c')");

  private static final List<String> END =
      List.of(
          "x: rollback",
          "y: commit",
          "update pgq.queue set queue_ticker_paused = false, queue_external_ticker = false",
          "select retry_all()",
          "select tick(null)",
          "select drain('a', 'c')",
          "select drain('a', 'd')",
          "select drain('b', 'c')",
          "select drain('b', 'd')");

  /** Calls by how often they are made: {q}, {c} … are replaced by arguments. */
  private static final List<String> KINDS =
      repeat(
          "12 select pgq.insert_event({q}, 'type', '{n}') > 0",
          "2 select pgq.insert_event({q}, {null}, '{n}', 'one', null, {null}, 'four') > 0",
          "1 select pgq.insert_event_raw({q}, null, null, null, {i}, 'type', '{n}', null, null, null, null) > 0",
          "2 {s}: begin",
          "5 {s}: select pgq.insert_event({q}, 'type', '{n}') > 0",
          "1 {s}: savepoint s",
          "1 {s}: rollback to s",
          "3 {s}: commit",
          "1 {s}: rollback",
          "8 select tick({q})",
          "1 select tick(null)",
          "9 select pgq.next_batch({q}, {c}) > 0",
          "2 select cur_tick_id, prev_tick_id from pgq.next_batch_info({q}, {c})",
          "1 select cur_tick_id from pgq.next_batch_custom({q}, {c}, {lag}, null, {lag})",
          "6 select ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4"
              + " from pgq.get_batch_events(open_batch({q}, {c})) order by ev_id",
          "1 select ev_data from pgq.get_batch_cursor(open_batch({q}, {c}), 'cursor', {i}, null)",
          "7 select pgq.finish_batch(open_batch({q}, {c}))",
          "1 select pgq.finish_batch({i})",
          "4 select pgq.event_retry(open_batch({q}, {c}), id, {seconds}) from nth_event({q}, {c}, {i}) id",
          "1 select pgq.batch_retry(open_batch({q}, {c}), {seconds})",
          "3 select retry_all()",
          "1 select pgq.event_retry_raw({q}, {c}, now(), null, now(), {i}, 't', '{n}', null, null, null, null) > 0",
          "2 select ev_retry, ev_data from pgq.retry_queue order by ev_data, ev_retry",
          "2 select rotate({q})",
          "1 select pgq.maint_rotate_tables_step2()",
          "2 select pgq.register_consumer({q}, {c})",
          "2 select pgq.register_consumer_at({q}, {c}, (select max(tick_id) - {i} from pgq.tick t"
              + " join pgq.queue q on q.queue_id = t.tick_queue where q.queue_name = {q}))",
          "1 select pgq.unregister_consumer({q}, {c})",
          "1 select pgq.create_queue({q})",
          "1 select pgq.drop_queue({q})",
          "1 select pgq.drop_queue({q}, {yes})",
          "1 select pgq.set_queue_config({q}, 'ticker_paused', '{yes}')",
          "1 select pgq.set_queue_config({q}, 'external_ticker', '{yes}')",
          "1 update pgq.queue set queue_disable_insert = {yes} where queue_name = {q}",
          "1 update pgq.queue set queue_per_tx_limit = nullif({i}, 0) where queue_name = {q}",
          "1 select queue_name, queue_external_ticker, queue_ticker_paused, last_tick_id from pgq.get_queue_info({q})",
          "2 select queue_name, consumer_name, last_tick, current_batch > 0, next_tick"
              + " from pgq.get_consumer_info({q}, {c}) order by 1, 2",
          "1 select queue_name, consumer_name, prev_tick_id, tick_id"
              + " from pgq.get_batch_info(open_batch({q}, {c}))");

  private final Random random;
  private final String leftOut;
  private int events;

  private RandomCalls(long seed) {
    random = new Random(seed);
    leftOut = random.nextBoolean() ? "rotate(" : "register_consumer_at(";
  }

  static List<Call> generate(long seed, int length) {
    RandomCalls calls = new RandomCalls(seed);
    List<String> script = new ArrayList<>(BEGINNING);
    while (script.size() < length) {
      script.add(calls.next());
      if (!isRunnable(Call.parse(script))) {
        script.remove(script.size() - 1);
      }
    }
    script.addAll(END);
    return Call.parse(script);
  }

  private String next() {
    String kind = KINDS.get(random.nextInt(KINDS.size()));
    return kind.contains(leftOut) ? next() : fill(kind);
  }

  private String fill(String kind) {
    String queue = oneOf("'a'", "'a'", "'a'", "'a'", "'b'", "'b'", "'b'", "'nope'");
    String consumer = oneOf("'c'", "'c'", "'c'", "'c'", "'d'", "'d'", "'d'", "'nope'");
    return kind.replace("{q}", queue)
        .replace("{c}", consumer)
        .replace("{s}", oneOf("x", "y"))
        .replace("{n}", "e" + ++events)
        .replace("{i}", oneOf("0", "0", "1", "2", "3"))
        .replace("{null}", oneOf("null", "''", "'text'"))
        .replace("{lag}", oneOf("null", "'0'", "'1 hour'"))
        .replace("{seconds}", oneOf("0", "0", "3600"))
        .replace("{yes}", oneOf("true", "false", "false"));
  }

  private String oneOf(String... values) {
    return values[random.nextInt(values.length)];
  }

  /** Whether no call has to wait for a lock that another session holds. */
  static boolean isRunnable(List<Call> calls) {
    Set<String> inFlight = new HashSet<>();
    for (Call call : calls) {
      switch (call.sql()) {
        case "begin" -> inFlight.add(call.session());
        case "commit", "rollback" -> inFlight.remove(call.session());
        default -> {
          boolean locks =
              call.sql().matches("select (rotate|pgq\\.(drop|create)_queue)\\(.*|update .*");
          if (locks && !inFlight.isEmpty()) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static List<String> repeat(String... kinds) {
    List<String> all = new ArrayList<>();
    for (String kind : kinds) {
      String[] parts = kind.split(" ", 2);
      for (int i = 0; i < Integer.parseInt(parts[0]); i++) {
        all.add(parts[1]);
      }
    }
    return all;
  }
}
