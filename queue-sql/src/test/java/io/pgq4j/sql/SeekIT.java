package io.pgq4j.sql;

import static io.pgq4j.sql.RetentionIT.fillAllTables;
import static io.pgq4j.sql.RetentionIT.insertTicks;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Consumers go to any tick or time whose events are kept, and to no other. */
class SeekIT {

  private static final String LOCK_QUEUE = "lock_queue(text,text)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  void eventsAfterATickComeAgainAndTheOpenBatchIsRefused() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x1");
    long first = s.tick(q);
    s.insert(q, "x2");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("x1", "x2");
    s.insert(q, "x3");
    s.tick(q);
    long open = s.openBatch(q, "c");

    assertThat(s.number("select pgq.seek(?, 'c', ?)", q, first)).isEqualTo(first);
    assertThat(s.finish(open)).isZero();
    s.fails("PQ003", "select * from pgq.get_batch_events(?)", open);
    assertThat(s.drain(q, "c")).containsExactly("x2", "x3");
  }

  @Test
  void consumerPassesOverWhatItDoesNotWant() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "unwanted");
    s.tick(q);

    s.run("select pgq.seek(?, 'c', timestamptz 'infinity')", q);
    s.insert(q, "wanted");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("wanted");
  }

  @Test
  void retriesThatWaitStay() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long event = s.insert(q, "retried");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.run("select pgq.event_retry(?, ?, 0)", batch, event);
    s.finish(batch);

    s.run("select pgq.seek(?, 'c', timestamptz 'infinity')", q);
    assertThat(s.drain(q, "c")).isEmpty();
    s.run("select pgq.maint_retry_events()");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("retried");
  }

  @Test
  void aTimeIsTheLastTickBeforeIt() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    for (int minute = 1; minute <= 4; minute++) {
      s.insert(q, "x" + minute);
      s.tick(q);
    }
    setTickTimes(s, q);

    assertThat(seek(s, q, "09:59")).as("before the first tick").isEqualTo(1);
    assertThat(seek(s, q, "10:01")).as("at a tick").isEqualTo(1);
    assertThat(seek(s, q, "10:02:59")).isEqualTo(2);
    assertThat(seek(s, q, "23:00")).isEqualTo(5);
    assertThat(seek(s, q, "10:03:30")).isEqualTo(3);
    assertThat(s.drain(q, "c")).containsExactly("x3", "x4");
  }

  @Test
  @Plant(
      in = "kept_tick(pgq.queue,timestamptz)",
      replace = "min\\(l.tick_id\\)",
      by = "max(l.tick_id)")
  void whereTheClockSteppedBackTheEarlierTickCounts() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    for (int i = 1; i <= 5; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
    }
    setTickTimes(s, q);
    s.run(
        "update pgq.tick set tick_time = tick_time - interval '3 minutes'"
            + " from pgq.queue where queue_id = tick_queue and queue_name = ? and tick_id >= 4",
        q);

    assertThat(seek(s, q, "10:02:30")).isEqualTo(2);
  }

  /** Tick n is made n minutes after ten. */
  private static void setTickTimes(Session s, String queue) throws SQLException {
    s.run(
        "update pgq.tick set tick_time = timestamptz '2026-01-01 10:00' + tick_id * interval '1 minute'"
            + " from pgq.queue where queue_id = tick_queue and queue_name = ?",
        queue);
  }

  private static long seek(Session s, String queue, String time) throws SQLException {
    return s.number("select pgq.seek(?, 'c', cast(? as timestamptz))", queue, "2026-01-01 " + time);
  }

  @Test
  @Plant(in = "kept_tick(pgq.queue,bigint)", replace = "and t.tick_id >= v_oldest", by = "")
  @Plant(
      in = "kept_tick(pgq.queue,timestamptz)",
      replace = "i_queue.queue_oldest_tick > 0",
      by = "false")
  void ticksAndTimesWhoseEventsAreGoneAreRefused() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    s.drain(q, "c");
    assertThat(s.rotate(q)).isTrue();

    s.fails("PQ008", "select pgq.seek(?, 'c', 1)", q);
    s.fails("PQ008", "select pgq.register_consumer_at(?, 'new', 1)", q);
    s.fails("PQ008", "select pgq.seek(?, 'c', now() - interval '1 day')", q);
    s.fails("PQ008", "select pgq.seek(?, 'c', 99)", q);
    s.fails("PQ008", "select pgq.seek(?, 'c', cast(null as bigint))", q);
    s.fails("PQ008", "select pgq.seek(?, 'c', cast(null as timestamptz))", q);
    s.fails("PQ002", "select pgq.seek(?, 'nobody', 1)", q);
    s.fails("PQ001", "select pgq.seek('no such queue', 'c', 1)");
    s.run("select pgq.seek(?, 'c', timestamptz '-infinity')", q);
    assertThat(s.drain(q, "c")).containsExactly("x2", "x3");
  }

  @Test
  void newConsumerStartsFromTheOldestKeptEventOrATime() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    s.drain(q, "c");
    assertThat(s.rotate(q)).isTrue();

    String register = "select pgq.register_consumer_since(?, ?, cast(? as timestamptz))";
    assertThat(s.number(register, q, "all", "-infinity")).isEqualTo(1);
    assertThat(s.number(register, q, "none", "infinity")).isEqualTo(1);
    s.fails("PQ008", register, q, "much", "2000-01-01");
    s.fails("PQ008", register, q, "a\nb", "-infinity");
    s.fails("PQ001", register, "no such queue", "c", "-infinity");
    assertThat(s.drain(q, "all")).containsExactly("x2", "x3");
    assertThat(s.drain(q, "none")).isEmpty();
    assertThat(s.number(register, q, "all", "-infinity")).as("registered already").isZero();
    assertThat(s.drain(q, "all")).isEmpty();
  }

  @Test
  @Plant(
      in = "compact_ticks()",
      replace = "t.tick_id >= q.queue_oldest_tick and t.tick_id < w",
      by = "t.tick_id >= w.tick_id and t.tick_id < w")
  void compactionKeepsATickForEachMinuteWithEvents() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    insertTicks(s, q, "i");
    s.number("select pgq.maint_compact()");

    assertThat(s.number(TICKS, q)).isBetween(20L, 25L);
    long before = 0;
    for (int minute = 1; minute <= 20; minute++) {
      long tick = seek(s, q, "10:%02d".formatted(minute));
      assertThat(tick).isBetween(before + 1, minute * 60L + 1);
      before = tick;
    }
  }

  @Test
  @Plant(
      in = "compact_ticks()",
      replace = "where \\(o.t\\).tick_event_seq is distinct from o.seq_before",
      by = "")
  void compactionKeepsNoTicksOfIdleTimes() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    insertTicks(s, q, "7");
    s.number("select pgq.maint_compact()");

    assertThat(s.number(TICKS, q)).isLessThan(8);
    assertThat(seek(s, q, "10:15")).isEqualTo(1);
  }

  @Test
  @Plant(in = LOCK_QUEUE, replace = "for no key update", by = "")
  void rotationPassesOverAQueueWhereAConsumerIsBeingMoved() throws SQLException {
    Session mover = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    s.drain(q, "c");
    mover.begin().run("select pgq.seek(?, 'c', 1)", q);

    assertThat(s.rotate(q)).isFalse();
    mover.commit();
    assertThat(s.rotate(q)).isFalse();
    assertThat(s.drain(q, "c")).containsExactly("x1", "x2", "x3");
    assertThat(s.rotate(q)).isTrue();
  }

  @Test
  @Plant(in = LOCK_QUEUE, replace = "for no key update", by = "")
  void whoWaitsForARotationSeesWhatIsGone() throws SQLException {
    Session mover = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    s.drain(q, "c");
    s.begin();
    assertThat(s.rotate(q)).isTrue();
    Running seek = mover.start("select pgq.seek(?, 'c', 1)", q).awaitBlocked();
    s.commit();

    seek.fails("PQ008");
    assertThat(mover.drain(q, "c")).isEmpty();
  }

  @Test
  void snapshotOlderThanARotationOrACompactionIsRefused() throws SQLException {
    Session stale = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    s.drain(q, "c");
    stale.beginWithSnapshot("repeatable read");
    assertThat(s.rotate(q)).isTrue();
    stale.fails("40001", "select pgq.seek(?, 'c', 2)", q);
    stale.rollback();

    stale.beginWithSnapshot("repeatable read");
    insertTicks(s, sessions.queue("c"), "7");
    assertThat(s.number("select pgq.maint_compact()")).isPositive();
    stale.fails("40001", "select pgq.seek(?, 'c', 2)", q);
    stale.rollback();
    stale.beginWithSnapshot("repeatable read");
    assertThat(stale.number("select pgq.seek(?, 'c', 2)", q)).isEqualTo(2);
    stale.commit();
  }

  @Test
  void compactionWaitsForAMoveThatIsNotCommitted() throws SQLException {
    Session mover = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    s.drain(q, "c");
    insertTicks(s, sessions.queue("c"), "7");
    mover.begin().run("select pgq.seek(?, 'c', 2)", q);

    assertThat(s.number("select pgq.maint_compact()")).isZero();
    mover.commit();
    assertThat(s.number("select pgq.maint_compact()")).isPositive();
    assertThat(s.drain(q, "c")).containsExactly("x2", "x3");
  }

  @Test
  @Plant(in = "move_consumer(integer,bigint)", replace = "exit when found;", by = "exit;")
  void batchThatIsBeingOpenedIsAbandonedToo() throws SQLException {
    Session mover = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    s.begin();
    long batch = s.openBatch(q, "c");
    Running seek = mover.start("select pgq.seek(?, 'c', 3)", q).awaitBlocked();
    s.commit();
    seek.result();

    assertThat(s.finish(batch)).isZero();
    assertThat(s.drain(q, "c")).containsExactly("x3");
  }

  @Test
  void batchThatIsFinishedMeanwhileDoesNotMoveTheConsumerBack() throws SQLException {
    Session mover = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    long batch = s.openBatch(q, "c");
    mover.begin().run("select pgq.seek(?, 'c', 3)", q);
    Running finish = s.start("select pgq.finish_batch(?)", batch).awaitBlocked();
    mover.commit();

    assertThat(finish.result()).isEqualTo("0");
    assertThat(s.drain(q, "c")).containsExactly("x3");
  }

  private static final String TICKS =
      "select count(*) from pgq.tick join pgq.queue on queue_id = tick_queue where queue_name = ?";
}
