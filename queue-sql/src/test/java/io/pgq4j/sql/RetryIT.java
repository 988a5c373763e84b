package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that come back to one consumer later, and those that never do. */
class RetryIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private String q;

  @BeforeEach
  void queueWithTwoConsumers() throws SQLException {
    s = sessions.open();
    s.run("truncate pgq.retry_queue");
    q = sessions.queue("a", "b");
  }

  @Test
  void eventComesBackToTheConsumerThatRetriesItAndToNoOther() throws SQLException {
    long event = s.number("select pgq.insert_event(?, 't', 'x', '1', '2', '3', '4')", q);
    s.tick(q);
    long batch = s.openBatch(q, "a");
    assertThat(s.number("select pgq.event_retry(?, ?, 0)", batch, event)).isEqualTo(1);
    s.finish(batch);
    assertThat(moveDue()).isEqualTo(1);
    s.tick(q);

    String columns = "select ev_id, ev_retry, ev_type, ev_data, ev_extra1, ev_extra4";
    assertThat(s.rows(columns + " from pgq.get_batch_events(?)", s.openBatch(q, "a")))
        .containsExactly(event + "|1|t|x|1|4");
    assertThat(s.drain(q, "b")).containsExactly("x");
    assertThat(moveDue()).isZero();
  }

  @Test
  void retriesAreCounted() throws SQLException {
    long event = s.insert(q, "x");
    for (int retry = 0; retry < 3; retry++) {
      s.tick(q);
      long batch = s.openBatch(q, "a");
      assertThat(s.number("select coalesce(ev_retry, 0) from pgq.get_batch_events(?)", batch))
          .isEqualTo(retry);
      s.run("select pgq.event_retry(?, ?, now() - interval '1 second')", batch, event);
      s.finish(batch);
      moveDue();
    }
  }

  @Test
  void eventIsNotDueBeforeItsTime() throws SQLException {
    long event = s.insert(q, "x");
    s.tick(q);
    s.run("select pgq.event_retry(?, ?, 3600)", s.openBatch(q, "a"), event);

    assertThat(moveDue()).isZero();
  }

  @Test
  void manyEventsAreRetriedAtOnceEachAfterItsTime() throws SQLException {
    s.run("select pgq.insert_events(?, 't', array['1', '2', '3'])", q);
    s.tick(q);
    long batch = s.openBatch(q, "a");
    List<String> ids = s.rows("select ev_id from pgq.get_batch_events(?)", batch);
    String call =
        "select pgq.event_retry(%s, array[%s, %s], array['0 s', '1 h']::interval[])"
            .formatted(batch, ids.get(2), ids.get(0));
    assertThat(s.number(call)).isEqualTo(2);
    assertThat(s.number(call)).as("they are there already").isZero();
    s.finish(batch);

    assertThat(moveDue()).isEqualTo(1);
    s.tick(q);
    assertThat(s.drain(q, "a")).containsExactly("3");
  }

  @Test
  void onlyEventsOfTheOpenBatchCanBeRetriedOrGivenUp() throws SQLException {
    long event = s.insert(q, "x");
    s.tick(q);
    long batch = s.openBatch(q, "a");
    long later = s.insert(q, "y");
    s.tick(q);

    s.fails("PQ003", "select pgq.event_retry(?, ?, 0)", batch, later);
    s.fails("PQ003", "select pgq.event_dead(?, array[?, ?], array['r', 'r'])", batch, event, later);
    s.fails("PQ008", "select pgq.event_dead(?, array[1], array['r', 'r'])", batch);
    s.fails("PQ008", "select pgq.event_dead(?, array[1], array[null])", batch);
    s.fails("PQ008", "select pgq.event_retry(?, array[1], null::interval[])", batch);
    s.fails("PQ008", "select pgq.event_failed(?, null::bigint[], null)", batch);
    s.fails("PQ008", "select pgq.event_failed(?, ?, null)", batch, event);
    s.fails("PQ008", "select pgq.batch_retry(?, null)", batch);
    s.finish(batch);
    s.fails("PQ003", "select pgq.event_retry(?, ?, 0)", batch, event);
    s.fails("PQ003", "select pgq.event_dead(?, array[?], array['r'])", batch, event);
    s.fails("PQ003", "select pgq.batch_retry(?, 0)", batch);
    s.fails("PQ003", "select pgq.event_failed(?, ?, 'r')", batch, event);
    assertThat(s.number("select count(*) from pgq.retry_queue")).isZero();
    assertThat(s.number("select count(*) from pgq.dead_letter where ev_data = 'y'")).isZero();
  }

  @Test
  void wholeBatchCanBeRetried() throws SQLException {
    s.run("select pgq.insert_events(?, 't', array['1', '2'])", q);
    s.tick(q);
    long batch = s.openBatch(q, "a");
    assertThat(s.number("select pgq.batch_retry(?, 0)", batch)).isEqualTo(2);
    assertThat(s.number("select pgq.batch_retry(?, 0)", batch)).isZero();
    s.finish(batch);
    moveDue();
    s.tick(q);

    assertThat(s.drain(q, "a")).containsExactly("1", "2");
  }

  @Test
  void eventsThatAreGivenUpAreKeptWithTheReason() throws SQLException {
    long event = s.insert(q, "x");
    s.insert(q, "y");
    s.tick(q);
    long batch = s.openBatch(q, "a");
    String call = "select pgq.event_dead(?, array[?, ?], array['why', 'twice'])";
    assertThat(s.number(call, batch, event, event)).isEqualTo(1);
    assertThat(s.number(call, batch, event, event)).isZero();
    s.finish(batch);

    assertThat(
            s.rows(
                "select dl_reason in ('why', 'twice'), dl_attempts, ev_data, co_name, queue_name"
                    + " from pgq.dead_letter join pgq.consumer on co_id = dl_consumer"
                    + " join pgq.queue on queue_id = dl_queue where ev_id = ? and queue_name = ?",
                event,
                q))
        .containsExactly("t|1|x|a|" + q);
    assertThat(s.nextBatch(q, "a")).isNull();
  }

  @Test
  void retriesOfAConsumerThatLeftAreForgotten() throws SQLException {
    long event = s.insert(q, "x");
    s.tick(q);
    s.run("select pgq.event_retry(?, ?, 0)", s.openBatch(q, "a"), event);
    s.run("select pgq.unregister_consumer(?, 'a')", q);

    assertThat(moveDue()).isZero();
  }

  @Test
  void stormOfRetriesIsMovedInLargePieces() throws SQLException {
    s.run("select pgq.insert_events(?, 't', array_fill('x'::text, array[25000]))", q);
    s.tick(q);
    long batch = s.openBatch(q, "a");
    s.run("select pgq.batch_retry(?, 0)", batch);
    s.finish(batch);

    assertThat(List.of(moveDue(), moveDue(), moveDue(), moveDue()))
        .containsExactly(10_000L, 10_000L, 5_000L, 0L);
    s.tick(q);
    assertThat(s.drain(q, "a")).hasSize(25_000);
  }

  @Test
  void twoSessionsMoveEachRetryOnce() throws SQLException {
    s.run("select pgq.insert_events(?, 't', array['1', '2'])", q);
    s.tick(q);
    long batch = s.openBatch(q, "a");
    s.run("select pgq.batch_retry(?, 0)", batch);
    s.finish(batch);
    Session other = sessions.open();
    s.begin();
    assertThat(moveDue()).isEqualTo(2);
    assertThat(other.number("select pgq.maint_retry_events()")).isZero();
    s.commit();
    s.tick(q);

    assertThat(s.drain(q, "a")).containsExactly("1", "2");
  }

  @Test
  @Plant(
      in = "settle_events(bigint,bigint[],interval[],text[],integer)",
      replace = "where d\\.dl_id",
      by = "where false and d.dl_id")
  @Plant(
      in = "settle_events(bigint,bigint[],interval[],text[],integer)",
      replace = "where r\\.ctid",
      by = "where false and r.ctid")
  void ofTwoVerdictsOnOneEventTheLastOneCounts() throws SQLException {
    long event = s.insert(q, "x");
    s.tick(q);
    long batch = s.openBatch(q, "a");
    String found =
        "select (select count(*) from pgq.retry_queue), (select count(*) from pgq.dead_letter"
            + " join pgq.queue on queue_id = dl_queue where queue_name = ?)";

    assertThat(s.number("select pgq.event_retry(?, ?, 0)", batch, event)).isEqualTo(1);
    assertThat(s.number("select pgq.event_dead(?, ?, 'r')", batch, event)).isEqualTo(1);
    assertThat(s.text(found, q)).isEqualTo("0|1");
    assertThat(s.number("select pgq.event_failed(?, ?, 'r')", batch, event)).isEqualTo(1);
    assertThat(s.text(found, q)).isEqualTo("1|0");
    s.run("select pgq.event_failed(?, array[?, ?], array['first', 'last'])", batch, event, event);
    assertThat(s.text(found, q)).isEqualTo("1|0");
  }

  @Test
  void failedEventComesBackTwiceAsLateEachTimeUpToTheLongestPause() throws SQLException {
    configure("retry_delay", "100 hours");
    configure("retry_delay_max", "300 hours");
    String pause =
        "select round(extract(epoch from ev_retry_after - now()) / 3600) from pgq.retry_queue";
    s.insert(q, "x");
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      s.tick(q);
      failAll("r");
      pauses.add(s.number(pause));
      comeBack();
    }

    assertThat(pauses.get(0)).isBetween(90L, 110L);
    assertThat(pauses.get(1)).isBetween(180L, 220L);
    assertThat(pauses.get(2)).isBetween(270L, 330L);
  }

  @Test
  @Plant(in = "maint_retry_events()", replace = "r\\.ev_first_failed", by = "null")
  @Plant(
      in = "settle_events(bigint,bigint[],interval[],text[],integer)",
      replace = "coalesce\\(e\\.ev_first_failed, now\\(\\)\\)",
      by = "now()")
  void failedEventIsGivenUpAfterItsRetriesAndItsFirstFailureIsRemembered() throws SQLException {
    configure("max_retries", "2");
    long event = s.insert(q, "x");
    s.tick(q);
    failAll("first");
    String first = s.text("select ev_first_failed from pgq.retry_queue");
    comeBack();
    s.tick(q);
    failAll("second");
    comeBack();
    s.tick(q);
    failAll("third");

    assertThat(moveDue()).isZero();
    assertThat(
            s.rows(
                "select dl_attempts, dl_reason, dl_first_time, dl_time > dl_first_time"
                    + " from pgq.dead_letter join pgq.queue on queue_id = dl_queue"
                    + " where ev_id = ? and queue_name = ?",
                event,
                q))
        .containsExactly("3|third|" + first + "|t");
  }

  @Test
  void withoutRetriesAnEventIsGivenUpAtItsFirstFailure() throws SQLException {
    configure("max_retries", "0");
    s.insert(q, "x");
    s.tick(q);
    failAll("only");

    assertThat(s.number("select count(*) from pgq.retry_queue")).isZero();
    assertThat(
            s.rows(
                "select dl_attempts, dl_reason, dl_time = dl_first_time from pgq.dead_letter"
                    + " join pgq.queue on queue_id = dl_queue where queue_name = ?",
                q))
        .containsExactly("1|only|t");
  }

  @Test
  void pausesStayWithinWhatATimestampCanHold() throws SQLException {
    configure("max_retries", "2000000000");
    configure("retry_delay", "100000 years");
    configure("retry_delay_max", "170000000 years");
    s.insert(q, "x");
    s.tick(q);
    failAll("r");
    s.run("update pgq.retry_queue set ev_retry = 1999999999");
    comeBack();
    s.tick(q);
    failAll("r");

    assertThat(s.number("select count(*) from pgq.retry_queue")).isEqualTo(1);
    assertThat(s.truth("select retry_in <= interval '1 day' from pgq.ticker_state(false)"))
        .isTrue();
  }

  private void configure(String setting, String value) throws SQLException {
    s.run("select pgq.set_queue_config(?, ?, ?)", q, setting, value);
  }

  /** Fails at all events of the next batch of consumer a, and finishes it. */
  private void failAll(String reason) throws SQLException {
    long batch = s.openBatch(q, "a");
    s.run(
        "select pgq.event_failed(?, array_agg(ev_id), array_agg(?::text))"
            + " from pgq.get_batch_events(?)",
        batch,
        reason,
        batch);
    s.finish(batch);
  }

  /** What waits in the retry queue is due, and moved. */
  private void comeBack() throws SQLException {
    s.run("update pgq.retry_queue set ev_retry_after = now()");
    assertThat(moveDue()).isPositive();
  }

  private long moveDue() throws SQLException {
    return s.number("select pgq.maint_retry_events()");
  }
}
