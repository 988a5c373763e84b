package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events are kept as long as the number of tables and the rotation period say, and not less. */
class RetentionIT {

  private static final String PAST_SLOT = "tick_past_slot(pgq.queue,integer,bigint,bigint)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(in = PAST_SLOT, replace = "order by t.tick_id", by = "order by t.tick_id desc")
  void oldestTickIsTheFirstOneAfterWhichAllIsKept() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    fillAllTables(s, q);
    for (int i = 1; i <= 5; i++) {
      s.forceTick(q);
    }
    s.drain(q, "c");

    assertThat(s.text("select tick_id from pgq.oldest_tick(?)", q)).isEqualTo("1");
    assertThat(s.rotate(q)).isTrue();
    assertThat(s.text("select tick_id from pgq.oldest_tick(?)", q)).isEqualTo("2");
  }

  @Test
  @Plant(in = PAST_SLOT, replace = "and not exists.*?order by", by = "order by")
  void oldestTickHasSeenTheTransactionsThatWereInFlight() throws SQLException {
    Session late = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    late.begin();
    late.insert(q, "late");
    s.insert(q, "x1");
    s.tick(q);
    s.drain(q, "c");
    assertThat(s.rotate(q)).isTrue();
    s.insert(q, "x2");
    s.tick(q);
    late.commit();
    long seen = s.tick(q);
    s.drain(q, "c");
    assertThat(s.rotate(q)).isTrue();
    s.insert(q, "x3");
    s.tick(q);
    s.drain(q, "c");

    assertThat(s.rotate(q)).isTrue();
    s.fails("PQ008", "select pgq.seek(?, 'c', ?)", q, seen - 1);
    s.run("select pgq.seek(?, 'c', ?)", q, seen);
    assertThat(s.drain(q, "c")).containsExactly("x3");
  }

  @Test
  void moreTablesKeepMoreAndProducersOfOtherQueuesDoNotWait() throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    String other = sessions.queue("c");
    producer.begin();
    producer.insert(other, "open");
    s.run("set statement_timeout = '5s'");
    s.begin().run("select pgq.set_queue_config(?, 'ntables', '5')", q);
    producer.insert(other, "goes on");
    s.commit();
    producer.insert(q, "open, too");
    producer.commit();
    s.tick(q);
    s.drain(q, "c");
    assertThat(s.rotate(q)).isTrue();
    for (int i = 1; i <= 5; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
      s.drain(q, "c");
      assertThat(s.rotate(q)).isTrue();
    }

    s.run("select pgq.seek(?, 'c', timestamptz '-infinity')", q);
    assertThat(s.drain(q, "c")).containsExactly("x2", "x3", "x4", "x5");
  }

  @Test
  @Plant(in = "add_event_tables(text,integer)", replace = "execute format\\('lock.*?;", by = "")
  void producerThatDoesNotKnowOfANewTableIsNotSentThere() throws SQLException {
    Session producer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    producer.begin();
    producer.insert(q, "x1");
    s.fails("55P03", "select pgq.set_queue_config(?, 'ntables', '4')", q);
    producer.commit();
    s.run("select pgq.set_queue_config(?, 'ntables', '4')", q);
  }

  @Test
  @Plant(
      in = "maint_rotate_tables_step1(text)",
      replace = "s.slot, v_oldest",
      by = "s.slot, pgq.watermark(v_queue.queue_id)")
  @Plant(in = "maint_rotate_tables_step1(text)", replace = "perform pgq.empty_slot.*?;", by = "")
  void tablesThatAreTooManyAreEmptiedWhenOthersKeepNothingAsOld() throws SQLException {
    Session old = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run("select pgq.set_queue_config(?, 'ntables', '5')", q);
    for (int i = 1; i <= 5; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
      s.drain(q, "c");
      if (i < 5) {
        assertThat(s.rotate(q)).isTrue();
      }
    }
    old.beginWithSnapshot("repeatable read");
    s.run("select pgq.set_queue_config(?, 'ntables', '2')", q);
    assertThat(s.rotate(q)).isTrue();
    s.run("select pgq.seek(?, 'c', timestamptz '-infinity')", q);
    assertThat(s.drain(q, "c")).containsExactly("x2", "x3", "x4", "x5");

    old.insert(q, "old");
    old.commit();
    for (int i = 6; i <= 7; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
      s.drain(q, "c");
      assertThat(s.rotate(q)).isTrue();
    }
    s.run("select pgq.seek(?, 'c', timestamptz '-infinity')", q);
    assertThat(s.drain(q, "c")).containsExactly("x7");
    assertThat(
            s.number(
                "select count(*) from pgq.event join pgq.queue on queue_id = ev_queue"
                    + " where queue_name = ? and ev_slot > 1",
                q))
        .isZero();
  }

  @Test
  void eventThatIsWrittenToATableOutOfUseArrives() throws SQLException {
    Session old = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x1");
    s.tick(q);
    s.drain(q, "c");
    s.rotate(q);
    s.insert(q, "x2");
    s.tick(q);
    s.drain(q, "c");
    s.rotate(q);
    old.beginWithSnapshot("repeatable read");
    s.run("select pgq.set_queue_config(?, 'ntables', '2')", q);
    s.insert(q, "x3");
    s.tick(q);
    s.drain(q, "c");
    assertThat(s.rotate(q)).isTrue();

    old.insert(q, "old");
    old.commit();
    s.insert(q, "x4");
    assertThat(s.rotate(q)).as("into the other table").isTrue();
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactlyInAnyOrder("old", "x4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "0", "-1", "x"})
  void numbersOfTablesThatMakeNoSenseAreRefused(String count) throws SQLException {
    Session s = sessions.open();
    s.fails("PQ008", "select pgq.set_queue_config(?, 'ntables', ?)", sessions.queue(), count);
  }

  /**
   * Producers of two isolation levels, ticks, rotations, compactions and changes of the number of
   * tables in random order; then every kept tick gives exactly what was committed after it.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void everyKeptTickGivesAllThatWasCommittedAfterIt(long seed) throws SQLException {
    everyKeptTickIsExact(seed, 150);
  }

  @Test
  @Plant(in = PAST_SLOT, replace = "txid_snapshot_xmax\\(", by = "1000000000 + txid_snapshot_xmax(")
  void longHistoryOfTicksIsExact() throws SQLException {
    everyKeptTickIsExact(7, 600);
  }

  private void everyKeptTickIsExact(long seed, int steps) throws SQLException {
    Random random = new Random(seed);
    Session s = sessions.open();
    List<Session> producers = new ArrayList<>();
    List<Boolean> open = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      producers.add(sessions.open());
      open.add(false);
    }
    String q = sessions.queue("c");
    s.run("select pgq.set_queue_config(?, 'ticker_idle_period', '0')", q);
    s.run("create table if not exists ledger (queue text, data text, txid bigint)");
    int data = 0;
    int rotated = 0;
    for (int step = 0; step < steps; step++) {
      int i = random.nextInt(producers.size());
      Session producer = producers.get(i);
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4, 5 -> {
          if (!open.get(i)) {
            producer.beginWithSnapshot(random.nextBoolean() ? "repeatable read" : "read committed");
            open.set(i, true);
          } else if (random.nextBoolean()) {
            String one = "x" + ++data;
            producer.insert(q, one);
            producer.run("insert into ledger values (?, ?, txid_current())", q, one);
          } else {
            producer.run(random.nextInt(4) == 0 ? "rollback" : "commit");
            open.set(i, false);
          }
        }
        case 6, 7 -> s.tick(q);
        case 8 -> s.drain(q, "c");
        case 9, 10 -> rotated += s.rotate(q) ? 1 : 0;
        default -> {
          if (!open.contains(true)) {
            s.run("select pgq.set_queue_config(?, 'ntables', ?)", q, "" + (2 + random.nextInt(3)));
          }
        }
      }
    }
    for (int i = 0; i < producers.size(); i++) {
      if (open.get(i)) {
        producers.get(i).rollback();
      }
    }
    s.tick(q);
    s.drain(q, "c");
    assertThat(rotated).isGreaterThan(steps / 50);

    insertTicks(s, sessions.queue("c"), "7");
    s.run("select pgq.maint_compact()");
    String after =
        "select data from ledger l where queue = ? and not txid_visible_in_snapshot(l.txid, ("
            + " select tick_snapshot from pgq.tick join pgq.queue on queue_id = tick_queue"
            + " where queue_name = l.queue and tick_id = ?))";
    List<String> kept =
        s.rows(
            "select tick_id from pgq.tick join pgq.queue on queue_id = tick_queue"
                + " where queue_name = ? and tick_id >= queue_oldest_tick",
            q);
    assertThat(
            s.number(
                "select count(*) from pgq.tick join pgq.queue on queue_id = tick_queue"
                    + " where queue_name = ? and tick_id = greatest(queue_oldest_tick, 1)",
                q))
        .isEqualTo(1);
    for (String tick : kept) {
      s.run("select pgq.seek(?, 'c', cast(? as bigint))", q, tick);
      assertThat(s.drain(q, "c"))
          .as("seed %s, after tick %s", seed, tick)
          .containsExactlyInAnyOrderElementsOf(s.rows(after, q, Long.valueOf(tick)));
    }
  }

  /** 1,200 ticks, one a second, all finished; and so many of nobody that it is worth compacting. */
  static void insertTicks(Session s, String queue, String eventSeq) throws SQLException {
    s.run(
        "insert into pgq.tick (tick_queue, tick_id, tick_time, tick_event_seq)"
            + " select queue_id, 1 + i, timestamptz '2026-01-01 10:00' + i * interval '1 s', "
            + eventSeq
            + " from pgq.queue, generate_series(1, 1200) i where queue_name = ?",
        queue);
    s.run(
        "insert into pgq.tick (tick_queue, tick_id, tick_event_seq)"
            + " select -1, coalesce((select max(tick_id) from pgq.tick where tick_queue = -1), 0) + i, 1"
            + " from generate_series(1, 5000) i");
    s.run(
        "update pgq.tick set tick_time = '2026-01-01 10:00' from pgq.queue"
            + " where tick_queue = queue_id and tick_id = 1 and queue_name = ?",
        queue);
    s.run("select pgq.seek(?, 'c', 1201)", queue);
  }

  /** One event in each table, all ticked; the next rotation would empty the first table. */
  static void fillAllTables(Session s, String queue) throws SQLException {
    for (int i = 1; i <= 3; i++) {
      s.insert(queue, "x" + i);
      s.tick(queue);
      if (i < 3) {
        assertThat(s.rotate(queue)).isTrue();
      }
    }
  }
}
