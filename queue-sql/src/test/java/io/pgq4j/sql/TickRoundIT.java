package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the ticker's process ticks otherwise than pgq.ticker(): nothing that nobody needs. */
class TickRoundIT {
  private static final String ROUND =
      "select queues_ticked, held from pgq.tick_round(array[(select queue_id from pgq.queue"
          + " where queue_name = ?)])";
  private static final String TICKED = "1|f";
  private static final String NOT_DUE = "0|f";
  private static final String HELD = "0|t";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private Session listener;

  @BeforeEach
  void open() throws SQLException {
    s = sessions.open();
    listener = sessions.open();
    listener.run("listen pgq_tick");
  }

  @Test
  @Plant(in = "pass_idle_tick(pgq.queue_state,bigint)", replace = "insert into.*nothing;", by = "")
  void anIdleTickMovesConsumersAndWakesNobody() throws SQLException {
    String q = sessions.queue("a", "b");
    String seenBefore = lastSeen(q);
    ageLastTick(q, "1 minute");

    assertThat(round(q)).containsExactly(TICKED);

    long tick = lastTick(q);
    assertThat(s.rows("select last_tick from pgq.get_consumer_info(?)", q))
        .containsExactly("" + tick, "" + tick);
    assertThat(lastSeen(q)).isEqualTo(seenBefore);
    assertThat(s.nextBatch(q, "a")).isNull();
    s.insert(q, "x");
    assertThat(round(q)).containsExactly(TICKED);
    assertThat(listener.notifications()).containsExactly("pgq_tick|" + q);
    assertThat(s.batches(q, "a")).containsExactly(List.of("x"));
  }

  /** As by an event whose id was taken between the look at the ids and the tick's snapshot. */
  @Test
  @Plant(in = "pass_idle_tick(pgq.queue_state,bigint)", replace = "if pgq.has_.*end if;", by = "")
  void anEventThatNoIdTellsOfIsNotPassedOver() throws SQLException {
    String q = sessions.queue("c");
    s.run("insert into %s (ev_id, ev_data) values (0, 'x')".formatted(eventTable(q)));
    ageLastTick(q, "1 minute");

    assertThat(round(q)).containsExactly(TICKED);

    assertThat(listener.notifications()).containsExactly("pgq_tick|" + q);
    assertThat(s.drain(q, "c")).containsExactly("x");
  }

  @Test
  void consumersThatAreElsewhereFindAnIdleTickByThemselves() throws SQLException {
    String q = sessions.queue("reading", "behind", "paused");
    s.run("select pgq.pause_consumer(?, 'paused')", q);
    s.insert(q, "x");
    long first = s.tick(q);
    long batch = s.openBatch(q, "reading");
    ageLastTick(q, "1 minute");
    assertThat(round(q)).containsExactly(TICKED);

    s.finish(batch);
    assertThat(s.nextBatch(q, "reading")).as("the idle tick").isNotNull();
    assertThat(s.batches(q, "behind")).containsExactly(List.of("x"));
    assertThat(s.number("select last_tick from pgq.get_consumer_info(?, 'paused')", q))
        .isLessThan(first);
  }

  @Test
  @Plant(
      in = "pass_idle_tick(pgq.queue_state,bigint)",
      replace = "return not exists.*?lag\\);",
      by = "return true;")
  void aConsumerThatHasFinishedSinceIsToldOfTheNextIdleTick() throws SQLException {
    String q = sessions.queue("reading", "other");
    s.insert(q, "x");
    s.tick(q);
    long batch = s.openBatch(q, "reading");
    s.drain(q, "other");
    ageLastTick(q, "1 minute");
    assertThat(round(q)).containsExactly(TICKED);
    listener.notifications();

    s.finish(batch);
    ageLastTick(q, "1 minute");
    assertThat(round(q)).containsExactly(TICKED);

    assertThat(listener.notifications()).containsExactly("pgq_tick|" + q);
  }

  @Test
  @Plant(
      in = "pass_idle_tick(pgq.queue_state,bigint)",
      replace = "exception\\s+when others.*end;",
      by = "end;")
  void aConsumerThatIsBeingMovedDoesNotStopTheTick() throws SQLException {
    Session mover = sessions.open();
    String q = sessions.queue("c", "other");
    mover.begin();
    mover.run("select pgq.seek(?, 'c', '-infinity'::timestamptz)", q);
    ageLastTick(q, "1 minute");

    assertThat(round(q)).containsExactly(TICKED);

    assertThat(listener.notifications()).as("they look for themselves").hasSize(1);
    mover.rollback();
    assertThat(s.nextBatch(q, "other")).isNotNull();
  }

  @Test
  @Plant(
      in = "pass_idle_tick(pgq.queue_state,bigint)",
      replace = "exception\\s+when others.*end;",
      by = "end;")
  void anIdleQueueWhoseTablesAreLockedDoesNotStopTheOthers() throws SQLException {
    Session locker = sessions.open();
    String locked = sessions.queue();
    String other = sessions.queue("c");
    s.insert(other, "x");
    ageLastTick(locked, "1 minute");
    locker.begin();
    locker.run("lock table " + eventTable(locked));

    s.run("select pgq.tick_round(null)");

    assertThat(s.drain(other, "c")).containsExactly("x");
    locker.rollback();
  }

  @Test
  @Plant(in = "tick_due(pgq.queue_state,boolean)", replace = "not i_consumed", by = "false")
  void aQueueThatNobodyConsumesIsTickedByItsIdlePeriodOnly() throws SQLException {
    String q = sessions.queue();
    s.run("select pgq.insert_events(?, 't', array_fill('x'::text, array[600]))", q);
    assertThat(round(q)).containsExactly(NOT_DUE);
    assertThat(dueIn(q)).isEqualTo("later");

    ageLastTick(q, "1 minute");
    assertThat(round(q)).containsExactly(TICKED);
    s.insert(q, "x");
    assertThat(s.number("select pgq.ticker(?)", q)).as("as PgQ does").isPositive();
  }

  @Test
  void aFirstConsumerWakesTheTickerAndGetsWhatWaits() throws SQLException {
    listener.run("listen pgq_ticker");
    String q = sessions.queue();
    s.insert(q, "x");
    assertThat(round(q)).containsExactly(NOT_DUE);

    s.run("select pgq.register_consumer(?, 'c')", q);

    assertThat(listener.notifications()).containsExactly("pgq_ticker|");
    assertThat(round(q)).containsExactly(TICKED);
    assertThat(s.drain(q, "c")).containsExactly("x");
  }

  @Test
  void aQueueThatNobodyConsumesCanBeForcedToTick() throws SQLException {
    String q = sessions.queue();
    s.run("select pgq.force_tick(?)", q);

    assertThat(round(q)).containsExactly(TICKED);
  }

  @Test
  @Plant(
      in = "consumers_behind(pgq.queue_state)",
      replace = "v_reached < i_state",
      by = "0 > i_state")
  void noTickFollowsOneThatNobodyHasOpened() throws SQLException {
    String q = sessions.queue("quick", "slow");
    ageLastTick(q, "10 seconds");
    s.insert(q, "1");
    assertThat(round(q)).containsExactly(TICKED);
    s.insert(q, "2");
    ageLastTick(q, "10 milliseconds"); // longer than it waits for those about to open one
    assertThat(round(q)).containsExactly(HELD);
    assertThat(s.truth("select due from pgq.ticker_state(false)")).isTrue();

    s.openBatch(q, "quick");

    ageLastTick(q, "10 milliseconds");
    assertThat(round(q)).containsExactly(TICKED);
  }

  @Test
  void consumersThatAreGoneAreNotWaitedForLongerThanASecond() throws SQLException {
    String q = sessions.queue("gone");
    s.insert(q, "1");
    s.tick(q);
    s.insert(q, "2");
    assertThat(round(q)).containsExactly(HELD);

    ageLastTick(q, "1 second");

    assertThat(round(q)).containsExactly(TICKED);
  }

  @Test
  void manyEventsAreTickedAlthoughNobodyReads() throws SQLException {
    String q = sessions.queue("gone");
    s.insert(q, "1");
    s.tick(q);
    s.run("select pgq.insert_events(?, 't', array_fill('x'::text, array[500]))", q);

    assertThat(round(q)).containsExactly(TICKED);
  }

  @Test
  void mostOfTheConsumersAreWaitedForBrieflyUnlessTheyAreAtWork() throws SQLException {
    String[] consumers = {"c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7"};
    String q = sessions.queue(consumers);
    for (String data : new String[] {"1", "2"}) {
      s.insert(q, data);
      s.tick(q);
      for (int i = 0; i < consumers.length; i++) {
        if (data.equals("1") || i < 6) {
          s.openBatch(q, consumers[i]);
        }
        if (data.equals("1") && i > 0) {
          s.finish(s.openBatch(q, consumers[i]));
        }
      }
    }
    s.insert(q, "3");

    // The first is at work in an older batch; two are about to open the last one.
    assertThat(behindAfter(q, "1 millisecond")).isEqualTo("t");
    assertThat(behindAfter(q, "8 milliseconds")).isEqualTo("f");
    s.openBatch(q, "c6");
    assertThat(behindAfter(q, "1 millisecond")).isEqualTo("f");
  }

  private List<String> round(String queue) throws SQLException {
    return s.rows(ROUND, queue);
  }

  private String dueIn(String queue) throws SQLException {
    return s.text(
        "select case when pgq.tick_due(s, false) > '0' then 'later' else 'now' end"
            + " from pgq.queue_state s where queue_name = ?",
        queue);
  }

  private String behindAfter(String queue, String lag) throws SQLException {
    return s.text(
        "select (pgq.consumers_behind(jsonb_populate_record(s, jsonb_build_object('lag', ?::text))))"
            + ".behind from pgq.queue_state s where queue_name = ?",
        lag,
        queue);
  }

  private long lastTick(String queue) throws SQLException {
    return s.number("select last_tick_id from pgq.get_queue_info(?)", queue);
  }

  private String lastSeen(String queue) throws SQLException {
    return s.text(
        "select max(sub_active) from pgq.subscription join pgq.queue on queue_id = sub_queue"
            + " where queue_name = ?",
        queue);
  }

  private String eventTable(String queue) throws SQLException {
    return s.text("select pgq.current_event_table(?)", queue);
  }

  private void ageLastTick(String queue, String by) throws SQLException {
    s.run(
        "update pgq.tick set tick_time = clock_timestamp() - ?::interval from pgq.queue"
            + " where queue_id = tick_queue and queue_name = ?"
            + " and tick_id = (select last_tick_id from pgq.get_queue_info(queue_name))",
        by,
        queue);
  }
}
