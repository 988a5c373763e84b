package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ticks: never with an old snapshot, never two at once, never late. */
class TickIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @ParameterizedTest
  @ValueSource(strings = {"repeatable read", "serializable"})
  void oldSnapshotsAreRefused(String isolation) throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    List<String> calls =
        List.of(
            "ticker()",
            "tick_round(null)",
            "ticker('" + q + "')",
            "ticker('" + q + "', 7, now(), 7)");
    for (String call : calls) {
      s.beginWithSnapshot(isolation);
      s.fails("PQ007", "select pgq." + call);
      s.rollback();
    }
  }

  @Test
  void transactionCannotChangeItsIsolationToTick() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.beginWithSnapshot("repeatable read");
    s.fails(
        "25001",
        "select set_config('transaction_isolation', 'read committed', true), pgq.ticker(?)",
        q);
    s.rollback();
    s.beginWithSnapshot("repeatable read");
    s.fails("25001", "set transaction isolation level read committed");
  }

  @Test
  void statementThatBeganLongAgoTicksWithANewSnapshot() throws SQLException {
    Session old = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run(
        "create function stable_tick(q text) returns bigint language sql stable"
            + " as 'select pgq.ticker(q)'");
    s.run("select pg_advisory_lock(1)");
    Running tick =
        old.start("select pg_advisory_lock(1), stable_tick(?), pg_advisory_unlock(1)", q);
    tick.awaitBlocked();
    s.insert(q, "x");
    s.tick(q);
    s.insert(q, "y");
    s.run("select pg_advisory_unlock(1)");
    tick.result();

    assertThat(s.batches(q, "c")).containsExactly(List.of("x"), List.of("y"));
  }

  @Test
  void cursorThatWasOpenedLongAgoTicksWithANewSnapshot() throws SQLException {
    Session old = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    old.begin().run("declare late cursor for select pgq.ticker('" + q + "')");
    s.insert(q, "x");
    s.tick(q);
    s.insert(q, "y");
    old.run("fetch late");
    old.commit();

    assertThat(s.batches(q, "c")).containsExactly(List.of("x"), List.of("y"));
  }

  @Test
  @Plant(
      in = "insert_tick_silently(pgq.queue_state,boolean,boolean)",
      replace = "perform pg_advisory_xact_lock\\(.*?;",
      by = "")
  void secondTickerWaitsForTheFirstAndThenHasNothingToDo() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = sessions.queue("c");
    a.insert(q, "x");
    a.begin();
    long tick = a.tick(q);
    Running second = b.start("select pgq.ticker(?)", q).awaitBlocked();
    assertThat(sessions.open().number("select pgq.ticker()")).as("passes it over").isZero();
    a.insert(q, "y");
    a.commit();

    assertThat(second.result()).isEmpty();
    assertThat(b.tick(q)).isGreaterThan(tick);
    assertThat(b.batches(q, "c")).containsExactly(List.of("x"), List.of("y"));
  }

  @Test
  @Plant(in = "producers_open()", replace = "return exists", by = "return false and exists")
  void eventThatIsCommittedAfterTheLastTickIsDueAtOnce() throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    producer.begin().run("savepoint a");
    producer.insert(q, "late");
    producer.run("release a");
    lateCommitIsDue(q, producer, s);
  }

  @Test
  @Plant(in = "producers_open()", replace = "pg_partition_root\\(l.relation\\)", by = "null")
  void copiedEventThatIsCommittedAfterTheLastTickIsDueAtOnce() throws Exception {
    Session producer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    String table = s.text("select pgq.current_event_table(?)", q);
    producer.begin().copy(table + " (ev_type, ev_data)", "type\tlate\n");
    lateCommitIsDue(q, producer, s);
  }

  private static void lateCommitIsDue(String q, Session producer, Session s) throws SQLException {
    s.insert(q, "early");
    s.tick(q);
    assertThat(s.isDue(q)).isFalse();
    producer.commit();

    assertThat(s.isDue(q)).isTrue();
    assertThat(s.truth("select due from pgq.ticker_state(false)")).isTrue();
    assertThat(s.number("select pgq.ticker()")).isEqualTo(1);
    assertThat(s.batches(q, "c")).containsExactly(List.of("early"), List.of("late"));
    assertThat(s.isDue(q)).isFalse();
  }

  @Test
  void severalEventsThatWereInFlightAtATickAreAllDueAtOnce() throws SQLException {
    Session first = sessions.open();
    Session second = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    first.begin();
    first.insert(q, "1");
    second.begin();
    second.insert(q, "2");
    s.insert(q, "0");
    s.tick(q);
    first.commit();
    s.tick(q);
    second.commit();
    s.tick(q);

    assertThat(s.batches(q, "c")).containsExactly(List.of("0"), List.of("1"), List.of("2"));
  }

  @Test
  void clockThatSteppedBackDoesNotStopTicks() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    setLastTickTime(s, q, "clock_timestamp() + interval '1 hour'");
    assertThat(s.isDue(q)).isTrue();
    s.tick(q);
    assertThat(s.isDue(q)).isFalse();
    setLastTickTime(s, q, "clock_timestamp() + interval '1 hour'");
    s.insert(q, "x");
    s.tick(q);

    assertThat(s.drain(q, "c")).containsExactly("x");
  }

  @Test
  void idleQueueTicksAfterItsPeriod() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    assertThat(s.isDue(q)).isFalse();
    setLastTickTime(s, q, "clock_timestamp() - interval '59 seconds'");
    assertThat(s.isDue(q)).isFalse();
    assertThat(s.truth("select tick_in between '0' and '1 second' from pgq.ticker_state(false)"))
        .isTrue();
    setLastTickTime(s, q, "clock_timestamp() - interval '1 minute'");
    assertThat(s.isDue(q)).isTrue();
    s.tick(q);
  }

  @Test
  void idsOfRolledBackEventsAreNoReasonToTick() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.begin();
    s.insert(q, "x");
    s.rollback();
    assertThat(s.isDue(q)).isFalse();
    s.begin();
    s.run("select pgq.insert_events(?, 't', array_fill('x'::text, array[1000]))", q);
    s.rollback();

    s.run("select pgq.ticker(?)", q);
    assertThat(s.isDue(q)).isFalse();
  }

  @Test
  void openBulkProducerMakesNoEmptyTicks() throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    producer.begin();
    producer.run("select pgq.insert_events(?, 't', array_fill('x'::text, array[1000]))", q);

    assertThat(s.isDue(q)).isFalse();
    assertThat(s.text("select pgq.ticker(?)", q)).isEmpty();
    producer.commit();
    s.tick(q);
    assertThat(s.drain(q, "c")).hasSize(1000);
  }

  @Test
  void forcedTickDoesNotWaitForProducersOfOtherQueues() throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    producer.begin();
    producer.insert(sessions.queue(), "x");
    assertThat(s.text("select pgq.ticker(?)", q)).isEmpty();

    long last = s.number("select pgq.force_tick(?)", q);
    assertThat(s.tick(q)).isEqualTo(last + 1);
    assertThat(s.batches(q, "c")).isEmpty();
  }

  @Test
  @Plant(
      in = "tick_due(pgq.queue_state,boolean)",
      replace = "exception\\s+when lock_not_available.*end;",
      by = "end;")
  void queueWhoseTablesAreLockedDoesNotStopTheOthers() throws SQLException {
    Session dropper = sessions.open();
    Session s = sessions.open();
    String locked = sessions.queue("c");
    String other = sessions.queue("c");
    s.insert(locked, "x");
    s.insert(other, "x");
    dropper.begin();
    dropper.run("select pgq.drop_queue(?, true)", locked);

    s.number("select pgq.ticker()");
    assertThat(s.batches(other, "c")).isNotEmpty();
    assertThat(s.text("select tick_in between '0' and '1 second' from pgq.ticker_state(false)"))
        .isEqualTo("t");
    dropper.rollback();
    s.tick(locked);
  }

  @Test
  void manyEventsOrALongWaitMakeATickDue() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.run("select pgq.set_queue_config(?, 'ticker_max_lag', '30 seconds')", q);
    s.insert(q, "x");
    assertThat(s.isDue(q)).isFalse();
    setLastTickTime(s, q, "clock_timestamp() - interval '31 seconds'");
    s.tick(q);
    s.run("select pgq.insert_events(?, 't', array_fill('x'::text, array[499]))", q);
    assertThat(s.isDue(q)).isFalse();
    s.insert(q, "x");
    s.tick(q);
  }

  @Test
  void pausedQueueIsPassedOver() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.run("select pgq.set_queue_config(?, 'ticker_paused', 'true')", q);
    s.insert(q, "x");

    s.fails("PQ004", "select pgq.ticker(?)", q);
    assertThat(s.number("select pgq.ticker()")).isZero();
    s.run("select pgq.force_tick(?)", q);
    assertThat(s.number("select pgq.ticker()")).isZero();
    s.run("select pgq.set_queue_config(?, 'ticker_paused', 'false')", q);
    s.tick(q);
  }

  @Test
  void ticksFromOutsideAreTakenInGrowingOrder() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.fails("PQ004", "select pgq.ticker(?, 50, now(), 7)", q);
    s.run("select pgq.set_queue_config(?, 'external_ticker', 'true')", q);
    s.insert(q, "x");
    s.fails("PQ004", "select pgq.ticker(?)", q);
    s.fails("PQ001", "select pgq.ticker('unknown', 50, now(), 7)");

    assertThat(s.number("select pgq.ticker(?, 50, now(), 7)", q)).isEqualTo(50);
    s.fails("PQ008", "select pgq.ticker(?, 50, now(), 8)", q);
    assertThat(s.drain(q, "c")).containsExactly("x");
  }

  @Test
  void tickIsAnnounced() throws SQLException {
    Session listener = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue();
    listener.run("listen pgq_tick");
    s.insert(q, "x");
    s.tick(q);

    assertThat(listener.notifications()).containsExactly("pgq_tick|" + q);
  }

  private static void setLastTickTime(Session s, String queue, String time) throws SQLException {
    s.run(
        "update pgq.tick set tick_time = "
            + time
            + " from pgq.queue where queue_id = tick_queue"
            + " and queue_name = ?"
            + " and tick_id = (select last_tick_id from pgq.get_queue_info(queue_name))",
        queue);
  }
}
