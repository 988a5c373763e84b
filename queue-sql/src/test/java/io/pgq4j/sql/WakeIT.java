package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Between "nothing to do" and "asleep" no event may slip through: who did not see the wake flag is
 * seen by the ticker, which then does not sleep.
 */
class WakeIT {

  private static final String LOOK_BEFORE_THE_LOCK =
      "select a.last_value into v_armed from pgq.ticker_armed a; $1 into v_id;";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session ticker;
  private Session producer;
  private String queue;

  @BeforeEach
  void listen() throws SQLException {
    ticker = sessions.open();
    producer = sessions.open();
    queue = sessions.queue("c");
    ticker.run("listen pgq_ticker");
    ticker.run("select pgq.ticker()"); // what other tests left
    ticker.run("truncate pgq.retry_queue");
    look(false);
  }

  @Test
  void nobodyNotifiesWhileTheTickerIsAwake() throws SQLException {
    look(false);
    producer.insert(queue, "x");

    assertThat(ticker.notifications()).isEmpty();
    assertThat(look(true)).as("due, open").isEqualTo("t|f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pgq.insert_event('%s', 't', 'x')",
        "select pgq.insert_event('%s', 't', 'x', '1', '2', '3', '4')",
        "select pgq.insert_events('%s', 't', array['x'])",
        "insert into rows values (1)",
        "insert into each_row values (1)",
        "insert into %2$s (ev_type, ev_data) values ('t', 'x')",
      })
  void producerWakesTheArmedTickerWhenItCommits(String statement) throws SQLException {
    producer.run("drop table if exists rows, each_row");
    producer.run("create table rows (id int)");
    producer.run("create table each_row (id int)");
    producer.run("select pgq.watch_table('rows', ?)", queue);
    producer.run("select pgq.watch_table('each_row', ?, '{\"level\": \"row\"}')", queue);
    String table = producer.text("select pgq.current_event_table(?)", queue);
    assertThat(look(true)).isEqualTo("f|f");
    producer.begin();
    producer.run(statement.formatted(queue, table));
    assertThat(ticker.notifications()).isEmpty();
    producer.commit();

    assertThat(ticker.notifications()).containsExactly("pgq_ticker|");
    assertThat(look(false)).isEqualTo("t|f");
  }

  @Test
  @Plant(in = "producers_open()", replace = "return exists", by = "return false and exists")
  void producerThatLookedBeforeTheTickerArmedIsSeenOpen() throws SQLException {
    look(false);
    producer.begin();
    producer.insert(queue, "x");

    assertThat(look(true)).isEqualTo("f|t");
    producer.commit();
    assertThat(ticker.notifications()).isEmpty();
    assertThat(look(true)).isEqualTo("t|f");
  }

  @Test
  void producerThatRolledBackLeavesNothingToWaitFor() throws SQLException {
    producer.begin();
    producer.insert(queue, "x");
    assertThat(look(true)).isEqualTo("f|t");
    producer.rollback();

    assertThat(look(true)).isEqualTo("f|f");
  }

  @Test
  @Plant(
      in = "insert_event(text,text,text,text,text,text,text)",
      replace =
          "(insert into pgq\\.event .* returning ev_id), pg_catalog.pg_seq.*? into v_id, v_armed;",
      by = LOOK_BEFORE_THE_LOCK)
  void producerThatHadNotBegunToInsertWhenTheTickerLookedNotifiesIt() throws SQLException {
    beforeTheLock("select pgq.insert_event(?, 't', 'x')");
  }

  @Test
  void bulkProducerThatHadNotBegunToInsertWhenTheTickerLookedNotifiesIt() throws SQLException {
    beforeTheLock("select pgq.insert_events(?, 't', array['x'])");
  }

  private void beforeTheLock(String insert) throws SQLException {
    Session blocker = sessions.open();
    look(false);
    blocker.begin().run("lock table only pgq.event in access exclusive mode");
    Running running = producer.start(insert, queue).awaitBlocked();
    assertThat(look(true)).isEqualTo("f|f");
    blocker.commit();
    running.result();

    assertThat(ticker.notifications()).containsExactly("pgq_ticker|");
  }

  @Test
  void producerThatHasItsIdWhenTheTickerLooksIsSeenOpenAndNotifiesToo() throws SQLException {
    Session blocker = sessions.open();
    look(false);
    String table = producer.text("select pgq.current_event_table(?)", queue);
    blocker.begin().run("lock table " + table + " in access exclusive mode");
    producer.begin();
    Running running = producer.start("select pgq.insert_event(?, 't', 'x')", queue).awaitBlocked();
    Running look = ticker.start("select due, open from pgq.ticker_state(true)").awaitBlocked();
    blocker.commit();
    running.result();

    assertThat(look.result()).isEqualTo("f|t");
    producer.commit();
    assertThat(ticker.notifications()).containsExactly("pgq_ticker|");
  }

  @Test
  void longTransactionThatWroteNoEventIsNotWaitedFor() throws SQLException {
    producer.run("create table unrelated (id int)");
    producer.begin().run("insert into unrelated values (1)");
    producer.run("select * from pgq.event");

    assertThat(look(true)).isEqualTo("f|f");
  }

  @Test
  @Plant(in = "producers_open()", replace = ", 'pgq.retry_queue'::regclass", by = "")
  void retryThatIsCommittedAfterTheTickerArmedIsWaitedFor() throws SQLException {
    long event = producer.insert(queue, "x");
    producer.tick(queue);
    long batch = producer.openBatch(queue, "c");
    look(false);
    producer.begin();
    producer.run("select pgq.event_retry(?, ?, 1)", batch, event);

    assertThat(look(true)).isEqualTo("f|t");
    producer.commit();
    assertThat(look(true)).isEqualTo("f|f");
    assertThat(
            ticker.truth("select retry_in between '0' and '1 second' from pgq.ticker_state(true)"))
        .isTrue();
  }

  @Test
  void retryAndItsReturnWakeTheArmedTicker() throws SQLException {
    long event = producer.insert(queue, "x");
    producer.tick(queue);
    long batch = producer.openBatch(queue, "c");
    look(true);
    producer.run("select pgq.event_retry(?, ?, 0)", batch, event);
    assertThat(ticker.notifications()).containsExactly("pgq_ticker|");
    assertThat(ticker.truth("select retry_in <= '0' from pgq.ticker_state(true)")).isTrue();
    producer.run("select pgq.maint_retry_events()");

    assertThat(ticker.notifications()).containsExactly("pgq_ticker|");
    assertThat(look(false)).isEqualTo("t|f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pgq.force_tick('%s')",
        "select pgq.set_queue_config('%s', 'ticker_idle_period', '0')",
      })
  void whatMakesATickDueWakesTheArmedTicker(String statement) throws SQLException {
    assertThat(look(true)).isEqualTo("f|f");
    producer.run(statement.formatted(queue));

    assertThat(ticker.notifications()).containsExactly("pgq_ticker|");
    assertThat(look(false)).isEqualTo("t|f");
    producer.run("select pgq.set_queue_config(?, 'ticker_idle_period', '1 minute')", queue);
  }

  @Test
  void flagIsSeenWhateverTheSnapshot() throws SQLException {
    look(false);
    producer.beginWithSnapshot("serializable");
    look(true);
    producer.insert(queue, "x");
    producer.commit();

    assertThat(ticker.notifications()).isEqualTo(List.of("pgq_ticker|"));
  }

  /** What the ticker sees: due and open. */
  private String look(boolean arm) throws SQLException {
    return ticker.text("select due, open from pgq.ticker_state(?)", arm);
  }
}
