package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a monitoring system is told of queues and consumers. */
class MetricsIT {
  private static final String QUEUE =
      "select stopped_by, lag > interval '0', pending_events, delayed_events"
          + " from pgq.get_queue_metrics() where queue_name = ?";
  private static final String BLOCKED =
      "select rotation_overdue >= interval '0', blocked_by"
          + " from pgq.get_queue_metrics() where queue_name = ?";
  private static final String CONSUMERS =
      "select consumer_name, lag > interval '0', pending_events, paused, retry_events, held_events, dead_letters"
          + " from pgq.get_consumer_metrics() where queue_name = ?";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private String q;

  @BeforeEach
  void queueWithAConsumer() throws SQLException {
    s = sessions.open();
    q = sessions.queue("c");
    s.forceTick(q);
  }

  @Test
  void aQueueLagsWhileEventsWaitForATick() throws SQLException {
    assertThat(s.text(QUEUE, q)).isEqualTo("|f|0|0");
    s.insert(q, "x");
    assertThat(s.text(QUEUE, q)).isEqualTo("|t|1|0");
    s.tick(q);
    assertThat(s.text(QUEUE, q)).isEqualTo("|f|0|0");
  }

  @Test
  void anEventThatWasInFlightAtTheLastTickMayWait() throws SQLException {
    Session producer = sessions.open().begin();
    producer.insert(q, "late");
    s.insert(q, "early");
    s.tick(q);
    producer.commit();

    assertThat(s.text(QUEUE, q)).isEqualTo("|t|0|0");
  }

  @ParameterizedTest
  @CsvSource({"ticker_paused, paused", "external_ticker, external"})
  void itIsSaidWhyAQueueIsNotTicked(String setting, String why) throws SQLException {
    s.run("select pgq.set_queue_config(?, ?, 'true')", q, setting);

    assertThat(s.text(QUEUE, q)).isEqualTo(why + "|f|0|0");
  }

  @Test
  void aQueueOfAnotherServerIsBehind() throws SQLException {
    s.run(
        "update pgq.tick set tick_snapshot = '2000000000:2000000000:' from pgq.queue"
            + " where tick_queue = queue_id and queue_name = ?",
        q);

    assertThat(s.text(QUEUE, q)).startsWith("behind|");
  }

  @Test
  void aConsumerLagsUntilItHasFinishedWhatThereIs() throws SQLException {
    s.drain(q, "c");
    assertThat(s.rows(CONSUMERS, q)).containsExactly("c|f|0|f|0|0|0");
    s.insert(q, "x");
    s.tick(q);
    s.openBatch(q, "c");
    assertThat(s.rows(CONSUMERS, q)).containsExactly("c|t|1|f|0|0|0");
    s.drain(q, "c");
    assertThat(s.rows(CONSUMERS, q)).containsExactly("c|f|0|f|0|0|0");
  }

  @Test
  void aGroupIsAsFarAsItsSlowestMember() throws SQLException {
    s.drain(q, "c");
    s.run("select pgq_coop.register_subconsumer(?, 'c', m) from unnest(array['m', 'n']) m", q);
    s.insert(q, "x");
    s.tick(q);
    s.run("select pgq_coop.next_batch(?, 'c', 'm')", q);
    s.insert(q, "y");
    s.tick(q);
    long batch = s.number("select pgq_coop.next_batch(?, 'c', 'n')", q);
    s.run("select pgq_coop.finish_batch(?)", batch);

    assertThat(s.rows(CONSUMERS, q)).containsExactly("c|t|2|f|0|0|0");
  }

  @Test
  void retriesAndDeadLettersAreCountedAndTheDeadOnesStay() throws SQLException {
    s.drain(q, "c");
    s.run("select pgq.insert_events(?, 't', array['1', '2', '3'])", q);
    s.run("select pgq.insert_event_at(?, 't', 'later', now() + interval '1 hour')", q);
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.run("select pgq.event_dead(?, min(ev_id), 'why') from pgq.get_batch_events(?)", batch, batch);
    s.run(
        "select pgq.event_retry(?, ev_id, 60) from pgq.get_batch_events(?) where ev_data <> '1'",
        batch,
        batch);
    s.finish(batch);
    s.drain(q, "c");
    s.run("select pgq.pause_consumer(?, 'c')", q);

    assertThat(s.text(QUEUE, q)).endsWith("|1");
    assertThat(s.rows(CONSUMERS, q)).containsExactly("c|f|0|t|2|0|1");
    s.run("select pgq.unregister_consumer(?, 'c')", q);
    assertThat(s.rows(CONSUMERS, q)).containsExactly("c|||f|0|0|1");
  }

  @Test
  void nothingIsCountedForLong() throws SQLException {
    s.run(
        "insert into pgq.retry_queue (ev_retry_after, ev_queue, ev_owner, ev_id, ev_time)"
            + " select 'infinity', r.sub_queue, o.owner, i, now()"
            + " from pgq.registration r join pgq.queue q on q.queue_id = r.sub_queue,"
            + " unnest(array[0, r.sub_id]) o (owner), generate_series(1, 10001) i"
            + " where q.queue_name = ?",
        q);
    s.run(
        "insert into pgq.held_event (he_sub, he_key, he_after, ev_id, ev_time, ev_txid)"
            + " select ev_owner, 'key', 'infinity', ev_id, now(), 0"
            + " from pgq.retry_queue where ev_owner > 0");

    assertThat(s.text(QUEUE, q)).endsWith("|10000");
    assertThat(s.text(CONSUMERS, q)).endsWith("|10000|10000|0");
    s.run("truncate pgq.retry_queue, pgq.held_event");
  }

  @Test
  void rotationWaitsForAConsumerAndThenForTheTicker() throws SQLException {
    assertThat(s.text(BLOCKED, q)).as("the table is empty").isEqualTo("|");
    fillAllTables();
    assertThat(s.text(BLOCKED, q)).isEqualTo("t|consumer");
    s.drain(q, "c");
    assertThat(s.text(BLOCKED, q)).isEqualTo("t|ticker");
    s.rotate(q);
    assertThat(s.text(BLOCKED, q)).isEqualTo("|");
    s.insert(q, "x");
    s.run("select pgq.set_queue_config(?, 'rotation_period', '1 hour')", q);
    assertThat(s.text(BLOCKED, q)).as("it is not time").isEqualTo("|");
  }

  @Test
  void rotationWaitsForATransactionThatWroteToAPastTable() throws SQLException {
    Session producer = sessions.open().beginWithSnapshot("repeatable read");
    fillAllTables();
    s.drain(q, "c");
    producer.insert(q, "old");

    assertThat(s.text(BLOCKED, q)).isEqualTo("t|transaction");
  }

  /** Who cannot read a table without waiting must not wait for it. */
  @ParameterizedTest
  @CsvSource({"access share, 0", "access exclusive, 0", "access exclusive, 2"})
  void rotationWaitsForWhoLocksATable(String mode, int slot) throws SQLException {
    fillAllTables();
    s.drain(q, "c");
    String table =
        s.text("select queue_data_pfx || '_' || ? from pgq.queue where queue_name = ?", slot, q);
    sessions.open().begin().run("lock table %s in %s mode".formatted(table, mode));

    assertThat(s.text(BLOCKED, q)).isEqualTo("t|lock");
  }

  @Test
  void askingWritesNothing() throws SQLException {
    s.run("begin read only");

    assertThat(s.text(QUEUE, q)).isNotEmpty();
    assertThat(s.rows(CONSUMERS, q)).isNotEmpty();
  }

  /** The next table, which is the first one, holds an event that the consumer has not read. */
  private void fillAllTables() throws SQLException {
    for (String data : new String[] {"1", "2"}) {
      s.insert(q, data);
      s.tick(q);
      assertThat(s.rotate(q)).isTrue();
    }
    s.insert(q, "3");
    s.tick(q);
  }
}
