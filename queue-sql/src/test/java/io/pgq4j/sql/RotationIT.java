package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rotation empties an event table only when nobody can still need what is in it. */
class RotationIT {

  private static final String EMPTY_SLOT = "empty_slot(pgq.queue,integer,bigint)";
  private static final String PAST_SLOT = "tick_past_slot(pgq.queue,integer,bigint,bigint)";
  private static final String NEEDED = "and txid_snapshot_xmax.*?order by";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @ParameterizedTest
  @ValueSource(strings = {"repeatable read", "serializable"})
  void eventOfAProducerWhoseSnapshotIsOlderThanRotationsArrives(String isolation)
      throws SQLException {
    eventOfAnOldProducerArrives(isolation);
  }

  @Test
  @Plant(in = PAST_SLOT, replace = NEEDED, by = "order by")
  void eventInAPastTableIsKeptUntilItIsRead() throws SQLException {
    eventOfAnOldProducerArrives("repeatable read");
  }

  private void eventOfAnOldProducerArrives(String isolation) throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    producer.beginWithSnapshot(isolation);
    for (String data : new String[] {"1", "2"}) {
      s.insert(q, data);
      s.tick(q);
      assertThat(s.drain(q, "c")).containsExactly(data);
      assertThat(s.rotate(q)).isTrue();
    }
    producer.insert(q, "old");
    assertThat(table(producer, q, "old")).endsWith("_0");
    assertThat(currentTable(s, q)).endsWith("_2");
    producer.commit();
    s.insert(q, "3");

    assertThat(s.rotate(q)).isFalse();
    s.tick(q);
    assertThat(s.rotate(q)).isFalse();
    assertThat(s.drain(q, "c")).containsExactly("old", "3");
    assertThat(s.rotate(q)).isTrue();
  }

  @Test
  @Plant(in = PAST_SLOT, replace = NEEDED, by = "order by")
  void eventThatWaitedForALockBetweenReadingTheSlotAndWritingArrives() throws SQLException {
    Session producer = sessions.open();
    Session blocker = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "0");
    String table = table(s, q, "0");
    blocker.begin().run("lock table " + table + " in share mode");
    Running insert = producer.start("select pgq.insert_event(?, 't', 'delayed')", q).awaitBlocked();
    for (String data : new String[] {"1", "2"}) {
      // the waiting producer stands in front of the others: they write into the next table
      s.run("update pgq.queue set queue_cur_table = queue_cur_table + 1 where queue_name = ?", q);
      s.insert(q, data);
      s.tick(q);
    }
    assertThat(s.drain(q, "c")).containsExactly("0", "1", "2");
    assertThat(s.rotate(q)).as("the table is locked").isFalse();
    blocker.commit();
    insert.result();
    assertThat(table(s, q, "delayed")).isEqualTo(table);

    assertThat(s.rotate(q)).as("the table holds an event nobody has read").isFalse();
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("delayed");
  }

  @Test
  @Plant(in = PAST_SLOT, replace = NEEDED, by = "order by")
  void eventCopiedIntoATableThatWasCurrentArrives() throws Exception {
    Session s = sessions.open();
    String q = sessions.queue("c");
    String table = currentTable(s, q);
    for (String data : new String[] {"1", "2"}) {
      s.insert(q, data);
      s.tick(q);
      s.drain(q, "c");
      assertThat(s.rotate(q)).isTrue();
    }
    s.copy(table + " (ev_type, ev_data)", "t\tcopied\n");
    s.insert(q, "3");

    assertThat(s.rotate(q)).isFalse();
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("copied", "3");
  }

  @Test
  @Plant(in = "watermark(integer)", replace = "min\\(p.last_tick", by = "max(p.last_tick")
  void eventsWaitForTheSlowestConsumer() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("fast", "slow");
    for (int i = 1; i <= 2; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
      s.drain(q, "fast");
      assertThat(s.rotate(q)).isTrue();
    }
    s.insert(q, "x3");
    s.tick(q);
    s.drain(q, "fast");

    assertThat(s.rotate(q)).isFalse();
    assertThat(s.drain(q, "slow")).containsExactly("x1", "x2", "x3");
    assertThat(s.rotate(q)).isTrue();
  }

  @Test
  @Plant(in = "watermark(integer)", replace = "last_tick", by = "next_tick")
  void eventsOfAnOpenBatchStay() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x1");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    for (int i = 2; i <= 3; i++) {
      assertThat(s.rotate(q)).isTrue();
      s.insert(q, "x" + i);
      s.tick(q);
    }

    assertThat(s.rotate(q)).isFalse();
    assertThat(s.events(batch)).containsExactly("x1");
    s.finish(batch);
    assertThat(s.rotate(q)).isTrue();
    assertThat(s.drain(q, "c")).containsExactly("x2", "x3");
  }

  @Test
  @Plant(in = "lock_queue(text,text)", replace = "for no key update", by = "")
  void rotationPassesOverAQueueWhereAConsumerIsBeingRegistered() throws SQLException {
    Session consumer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("other");
    long start = s.forceTick(q);
    s.drain(q, "other");
    fillAllTables(s, q);
    consumer.begin();
    consumer.run("select pgq.register_consumer_at(?, 'c', ?)", q, start);
    s.drain(q, "other");

    assertThat(s.rotate(q)).as("nobody else needs the next table").isFalse();
    consumer.commit();
    assertThat(s.rotate(q)).isFalse();
    assertThat(s.drain(q, "c")).containsExactly("x1", "x2", "x3");
  }

  @Test
  @Plant(in = "lock_queue(text,text)", replace = "for no key update", by = "")
  @Plant(in = "maint_rotate_tables_step1(text)", replace = "queue_oldest_tick = v_oldest,", by = "")
  void registrationThatWaitedForARotationSeesWhatIsGone() throws SQLException {
    Session consumer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("other");
    long start = s.forceTick(q);
    s.drain(q, "other");
    fillAllTables(s, q);
    s.drain(q, "other");
    s.begin();
    assertThat(s.number("select pgq.maint_rotate_tables_step1(?)", q)).isEqualTo(1);
    Running registration =
        consumer.start("select pgq.register_consumer_at(?, 'c', ?)", q, start).awaitBlocked();
    s.commit();

    registration.fails("PQ008");
    consumer.run("select pgq.register_consumer(?, 'c')", q);
    s.insert(q, "y");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("y");
  }

  @Test
  void consumerCanStartAtATickWhoseEventsAreKept() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.insert(q, "x1");
    long first = s.tick(q);
    s.insert(q, "x2");
    s.tick(q);

    assertThat(s.number("select pgq.register_consumer_at(?, 'c', ?)", q, first)).isEqualTo(1);
    assertThat(s.drain(q, "c")).containsExactly("x2");
  }

  @Test
  @Plant(
      in = EMPTY_SLOT,
      replace = "lock table only %s in access exclusive mode nowait",
      by = "select 1 -- %s")
  void tableOfAnOpenCursorIsNotEmptied() throws SQLException {
    Session reader = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run(
        "select pgq.insert_events(?, 't', array(select i::text from generate_series(1, 9) i))", q);
    s.tick(q);
    long batch = s.openBatch(q, "c");
    reader.begin();
    reader.run("select ev_id from pgq.get_batch_cursor(?, 'cursor', 1)", batch);
    s.finish(batch);
    s.run("set statement_timeout = '2s'");
    // the cursor is read from all tables
    assertThat(s.rotate(q)).isFalse();
    s.insert(q, "producers go on");
    assertThat(reader.rows("fetch 100 from cursor")).hasSize(8);
    reader.commit();
    assertThat(s.rotate(q)).isTrue();
  }

  @Test
  @Plant(in = PAST_SLOT, replace = NEEDED, by = "order by")
  void retriedEventIsKeptUntilItIsRead() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long event = s.insert(q, "retried");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.run("select pgq.event_retry(?, ?, 0)", batch, event);
    s.finish(batch);
    s.number("select pgq.maint_retry_events()");
    for (int i = 1; i <= 2; i++) {
      assertThat(s.rotate(q)).isTrue();
      s.insert(q, "x" + i);
    }

    assertThat(s.rotate(q)).isFalse();
    s.tick(q);
    assertThat(s.rotate(q)).isFalse();
    assertThat(s.drain(q, "c")).containsExactly("retried", "x1", "x2");
  }

  @Test
  void eventsWithoutATickStayWithoutConsumersToo() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    for (int i = 1; i <= 3; i++) {
      s.insert(q, "x" + i);
      assertThat(s.rotate(q)).as("rotation %s", i).isEqualTo(i < 3);
    }
    s.run("select pgq.register_consumer(?, 'c')", q);
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("x1", "x2", "x3");
  }

  @Test
  void eventsOfAnOpenProducerStay() throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    producer.begin();
    producer.insert(q, "open");
    for (int i = 1; i <= 2; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
      s.drain(q, "c");
      assertThat(s.rotate(q)).isTrue();
    }
    s.insert(q, "x3");
    s.tick(q);
    s.drain(q, "c");

    assertThat(s.rotate(q)).isFalse();
    producer.commit();
    assertThat(s.rotate(q)).isFalse();
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("open");
    assertThat(s.rotate(q)).isTrue();
  }

  @Test
  void idleQueueIsNotRotated() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");

    assertThat(s.rotate(q)).isFalse();
    String due = "select func_name from pgq.maint_operations() where func_arg = ?";
    assertThat(s.rows(due, q)).isEmpty();
    s.insert(q, "x");
    assertThat(s.rows(due, q)).containsExactly("pgq.maint_rotate_tables_step1");
    assertThat(s.rotate(q)).isTrue();
    assertThat(s.rows(due, q)).isEmpty();
  }

  @Test
  void spaceOfReadEventsComesBack() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    for (int i = 1; i <= 4; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
      s.drain(q, "c");
      assertThat(s.rotate(q)).isTrue();
    }
    String parent = currentTable(s, q).replaceFirst("_\\d$", "");
    assertThat(s.rows("select ev_data from " + parent)).containsExactlyInAnyOrder("x3", "x4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"maint_rotate_tables_step1('q')", "maint_compact()", "rebase()"})
  void maintenanceRefusesOldSnapshots(String call) throws SQLException {
    Session s = sessions.open();
    s.begin("repeatable read");
    s.fails("PQ007", "select pgq." + call);
  }

  /** One event in each table, all ticked; the next rotation would empty the first table. */
  private static void fillAllTables(Session s, String queue) throws SQLException {
    for (int i = 1; i <= 3; i++) {
      s.insert(queue, "x" + i);
      s.tick(queue);
      if (i < 3) {
        assertThat(s.rotate(queue)).isTrue();
      }
    }
  }

  private static String table(Session s, String queue, String data) throws SQLException {
    return s.text(
        "select e.tableoid::regclass from pgq.event e join pgq.queue on queue_id = ev_queue"
            + " where queue_name = ? and ev_data = ?",
        queue,
        data);
  }

  private static String currentTable(Session s, String queue) throws SQLException {
    return s.text("select pgq.current_event_table(?)", queue);
  }
}
