package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Queues come and go beside open producers of others. */
class QueueIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(
      in = "create_queue(text)",
      replace =
          "(create table %s )\\(like pgq.event\\)( partition by list \\(ev_slot\\)', v_pfx)(.*?)"
              + "execute format\\('alter table pgq.event attach.*?;",
      by = "$1partition of pgq.event for values in (%s)$2, v_id$3")
  void creatingAQueueNeitherWaitsForProducersNorBlocksThem() throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    Session creator = sessions.open();
    String q = sessions.queue("c");
    producer.begin();
    producer.insert(q, "before");
    creator.run("set lock_timeout = '1s'");
    creator.begin().run("select pgq.create_queue('beside')");
    producer.insert(q, "while it is being created");
    s.run("set lock_timeout = '1s'");
    s.insert(q, "other");
    s.tick(q);
    creator.commit();
    producer.commit();
    producer.insert("beside", "x");
    s.tick(q);

    assertThat(s.batches(q, "c"))
        .containsExactly(List.of("other"), List.of("before", "while it is being created"));
    s.tick("beside");
  }

  @Test
  void twoSessionsCreateTheSameQueueOnce() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    a.begin();
    assertThat(a.number("select pgq.create_queue('twice')")).isEqualTo(1);
    Running second = b.start("select pgq.create_queue('twice')").awaitBlocked();
    a.commit();

    assertThat(second.result()).isEqualTo("0");
  }

  @Test
  void droppingAQueueWaitsForItsOwnProducersOnly() throws SQLException {
    Session producer = sessions.open();
    Session other = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue();
    String busy = sessions.queue("c");
    other.begin();
    other.insert(busy, "1");
    s.run("select pgq.drop_queue(?)", sessions.queue());
    producer.begin();
    producer.insert(q, "x");
    Running drop = s.start("select pgq.drop_queue(?)", q).awaitBlocked();
    other.insert(busy, "2");
    other.commit();
    drop.fails("55P03");
    producer.commit();

    assertThat(s.number("select pgq.drop_queue(?)", q)).isEqualTo(1);
    s.fails("PQ001", "select pgq.drop_queue(?)", q);
    s.fails("PQ001", "select pgq.insert_event(?, 't', 'x')", q);
    s.tick(busy);
    assertThat(s.drain(busy, "c")).containsExactly("1", "2");
  }

  @Test
  void queueWithConsumersIsDroppedOnlyByForceAndLeavesNothing() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long event = s.insert(q, "dropped");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.run("select pgq.event_dead(?, array[?], array['r'])", batch, event);
    s.run("select pgq.batch_retry(?, 0)", batch);

    s.fails("PQ008", "select pgq.drop_queue(?)", q);
    assertThat(s.number("select pgq.drop_queue(?, true)", q)).isEqualTo(1);
    assertThat(
            s.number(
                "select (select count(*) from pgq.retry_queue)"
                    + " + (select count(*) from pgq.dead_letter)"
                    + " + (select count(*) from pgq.event where ev_data = 'dropped')"))
        .isZero();
    assertThat(s.finish(batch)).isBetween(0L, 1L);
    s.fails("PQ003", "select pgq.get_batch_events(?)", batch);
    s.run("select pgq.create_queue(?)", q);
    s.fails("PQ002", "select pgq.next_batch(?, 'c')", q);
  }

  @Test
  void tablesOfADroppedQueueAreDetachedBesideOpenProducersAndDropped() throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    Session detacher = sessions.open();
    String q = sessions.queue();
    String busy = sessions.queue();
    String table = s.text("select queue_data_pfx from pgq.queue where queue_name = ?", q);
    s.run("select pgq.drop_queue(?)", q);
    String state =
        "select detach_state from pgq.maint_tables_to_drop() where table_name = '" + table + "'";
    assertThat(s.text(state)).isEqualTo("attached");
    producer.begin();
    producer.insert(busy, "x");
    Running detach =
        detacher
            .start("alter table pgq.event detach partition " + table + " concurrently")
            .awaitBlocked();
    s.run("set lock_timeout = '1s'");
    s.insert(busy, "producers go on");
    s.run("select pg_cancel_backend(?)", detacher.pid());
    detach.fails("57014");
    assertThat(s.text(state)).isEqualTo("pending");
    s.insert(busy, "y");
    producer.commit();
    s.run("alter table pgq.event detach partition " + table + " finalize");
    assertThat(s.text(state)).isEqualTo("detached");
    s.run("drop table " + table);

    assertThat(s.text(state)).isEmpty();
    s.insert(busy, "z");
  }

  static List<String> strangeNames() {
    return List.of(
        "a",
        "n".repeat(63),
        "n".repeat(64),
        "n".repeat(200),
        "é".repeat(500),
        "'; drop schema pgq cascade; --",
        "\"quoted\" 'name'",
        "$$ $1 %s %1$I \\ E'",
        "\uD83D\uDE00 \u202Eltr",
        "Upper",
        "upper",
        " ");
  }

  @ParameterizedTest
  @MethodSource("strangeNames")
  void strangeNamesAreNames(String name) throws SQLException {
    Session s = sessions.open();
    assertThat(s.number("select pgq.create_queue(?)", name)).isEqualTo(1);
    assertThat(s.number("select pgq.register_consumer(?, ?)", name, name)).isEqualTo(1);
    s.run("create table watched (id int)");
    s.run("select pgq.watch_table('watched', ?)", name);
    s.run("insert into watched values (1)");
    s.insert(name, "x");
    s.tick(name);

    assertThat(s.drain(name, name)).containsExactly("{\"id\":1}", "x");
    assertThat(s.text("select queue_name from pgq.get_queue_info(?)", name)).isEqualTo(name);
    assertThat(s.text("select consumer_name from pgq.get_consumer_info(?)", name)).isEqualTo(name);
    s.rotate(name);
    s.run("drop table watched");
    assertThat(s.number("select pgq.drop_queue(?, true)", name)).isEqualTo(1);
  }

  static List<String> impossibleNames() {
    return List.of("", "a\nb", "\u0007", "\u007f", "a\u009fb", "n".repeat(1001), "é".repeat(501));
  }

  @ParameterizedTest
  @MethodSource("impossibleNames")
  void impossibleNamesAreRefused(String name) throws SQLException {
    Session s = sessions.open();
    s.fails("PQ008", "select pgq.create_queue(?)", name);
    s.fails("PQ008", "select pgq.register_consumer(?, ?)", sessions.queue(), name);
    s.fails("PQ008", "select pgq.create_queue(null)");
  }

  @ParameterizedTest
  @CsvSource({
    "ticker_max_count, 0",
    "ticker_max_count, many",
    "ticker_max_count, 99999999999",
    "ticker_max_lag, -1 second",
    "ticker_idle_period, soon",
    "rotation_period,",
    "ticker_paused, perhaps",
    "unknown, 1",
    "id, 1",
    ", 1",
  })
  void wrongSettingsAreRefused(String parameter, String value) throws SQLException {
    Session s = sessions.open();
    s.fails("PQ008", "select pgq.set_queue_config(?, ?, ?)", sessions.queue(), parameter, value);
  }

  @Test
  void settingsAreShown() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.run("select pgq.set_queue_config(?, 'ticker_max_count', '7')", q);
    s.run("select pgq.set_queue_config(?, 'ticker_idle_period', '5 minutes')", q);

    assertThat(
            s.text(
                "select queue_ticker_max_count, queue_ticker_max_lag, queue_ticker_idle_period,"
                    + " queue_ntables, queue_cur_table, ev_new, last_tick_id"
                    + " from pgq.get_queue_info(?)",
                q))
        .isEqualTo("7|00:00:00|00:05:00|3|0|0|1");
    s.fails("PQ001", "select pgq.set_queue_config('unknown', 'ticker_paused', 'true')");
  }

  @Test
  void hundredsOfQueuesWorkBesideEachOther() throws SQLException {
    Session s = sessions.open();
    s.run("select pgq.create_queue('many ' || i) from generate_series(1, 100) i");
    s.run("select pgq.register_consumer('many ' || i, 'c') from generate_series(1, 100) i");
    s.run("select pgq.insert_event('many ' || i, 't', i::text) from generate_series(1, 100) i");

    assertThat(s.number("select pgq.ticker()")).isGreaterThanOrEqualTo(100);
    assertThat(s.drain("many 1", "c")).containsExactly("1");
    assertThat(s.drain("many 100", "c")).containsExactly("100");
    assertThat(s.truth("select due from pgq.ticker_state(false)")).isFalse();
  }
}
