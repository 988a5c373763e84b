package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues whose ticks are ahead of the server, as in a database that was restored elsewhere. */
class RebaseIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  void queueThatIsAheadStopsWithItsStateAndOthersGoOn() throws SQLException {
    Session s = sessions.open();
    String bad = sessions.queue("c");
    String good = sessions.queue("c");
    restoreElsewhere(s, bad);
    s.insert(bad, "x");
    s.insert(good, "x");

    s.fails("PQ006", "select pgq.ticker(?)", bad);
    assertThat(s.warning("select pgq.ticker()")).isEqualTo("PQ006");
    assertThat(s.drain(good, "c")).containsExactly("x");
    assertThat(s.truth("select due from pgq.ticker_state(false)")).isFalse();
    assertThat(s.rows("select queue_name from pgq.rebase()")).containsExactly(bad);
    assertThat(s.rows("select * from pgq.rebase()")).isEmpty();
  }

  @Test
  void eventsThatWereNotFinishedComeAgain() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("ahead", "behind");
    s.insert(q, "finished by one");
    s.tick(q);
    s.drain(q, "ahead");
    s.insert(q, "in an open batch");
    s.tick(q);
    s.openBatch(q, "ahead");
    s.insert(q, "never ticked");
    restoreElsewhere(s, q);

    assertThat(s.rows("select consumer_name, resent from pgq.rebase()"))
        .containsExactly("ahead|2", "behind|3");
    s.run("select pgq.maint_retry_events()");
    s.insert(q, "new");
    s.tick(q);
    assertThat(s.drain(q, "ahead"))
        .containsExactlyInAnyOrder("in an open batch", "never ticked", "new");
    assertThat(s.drain(q, "behind"))
        .containsExactlyInAnyOrder("finished by one", "in an open batch", "never ticked", "new");
  }

  @Test
  void eventsWrittenBetweenTheRestoreAndTheRebaseComeToo() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long event = s.insert(q, "old");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.run("select pgq.event_retry(?, ?, 0)", batch, event);
    s.finish(batch);
    restoreElsewhere(s, q);
    s.insert(q, "between");
    s.run("select pgq.maint_retry_events()");

    s.run("select * from pgq.rebase()");
    s.run("select pgq.maint_retry_events()");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactlyInAnyOrder("old", "between");
  }

  @Test
  void whatMembersHaveNotFinishedComesToTheirConsumer() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    for (String member : new String[] {"m1", "m2", "m3"}) {
      s.run("select pgq_coop.register_subconsumer(?, 'c', ?)", q, member);
    }
    for (String data : new String[] {"open", "finished", "waiting"}) {
      s.insert(q, data);
      s.tick(q);
    }
    long open = s.openBatch(q, "c.m1");
    s.finish(s.openBatch(q, "c.m2"));
    restoreElsewhere(s, q);
    s.insert(q, "between");

    assertThat(s.rows("select consumer_name, resent from pgq.rebase()"))
        .containsExactly("c|2", "c.m1|1");
    assertThat(s.finish(open)).isZero();
    s.run("select pgq.maint_retry_events()");
    s.tick(q);
    assertThat(s.drain(q, "c.m2")).containsExactlyInAnyOrder("open", "waiting", "between");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ticker_paused", "external_ticker"})
  void queuesThatTheTickerDoesNotLookAfterAreAnchoredToo(String setting) throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run("select pgq.set_queue_config(?, ?, 'true')", q, setting);
    restoreElsewhere(s, q);

    assertThat(s.rows("select queue_name from pgq.rebase()")).containsExactly(q);
    s.run("select pgq.set_queue_config(?, ?, 'false')", q, setting);
    s.insert(q, "x");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("x");
  }

  @Test
  @Plant(in = "is_restored()", replace = "return exists.*?;", by = "return false;")
  void copyOfTheRowsIsToldAlthoughItsTransactionsAreOlder() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x");
    s.tick(q);
    s.run("vacuum full pgq.lineage");
    assertThat(s.truth("select pgq.is_restored()")).as("the row was moved").isFalse();
    copyLineage(s);

    s.fails("PQ006", "select pgq.ticker(?)", q);
    s.fails("PQ006", "select * from pgq.bootstrap_start(?, 'c')", q);
    assertThat(s.rows("select resent from pgq.rebase() where queue_name = ?", q))
        .containsExactly("1");
    assertThat(s.truth("select pgq.is_restored()")).isFalse();
    s.run("select pgq.maint_retry_events()");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("x");
  }

  @Test
  void settlingInASubtransactionIsSettled() throws SQLException {
    Session s = sessions.open();
    copyLineage(s);
    s.begin().run("savepoint s");
    s.run("select * from pgq.rebase()");
    s.commit();

    assertThat(s.truth("select pgq.is_restored()")).isFalse();
  }

  @Test
  @Plant(
      in = "maint_rotate_tables_step1(text)",
      replace = "or v_queue.queue_id = any \\(pgq.queues_behind\\(\\)\\)",
      by = "")
  void eventsWrittenAfterTheRestoreAreNotRotatedAway() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "old");
    s.tick(q);
    s.drain(q, "c");
    restoreElsewhere(s, q);
    s.insert(q, "new");

    for (int i = 1; i <= 3; i++) {
      assertThat(s.rotate(q)).isFalse();
    }
  }

  /** What a restored dump does to the row: another transaction writes what it says. */
  private static void copyLineage(Session s) throws SQLException {
    s.run("update pgq.lineage set lin_time = lin_time");
  }

  /** Makes the ticks look as if the server that made them had been far ahead of this one. */
  private static void restoreElsewhere(Session s, String queue) throws SQLException {
    s.run(
        """
        update pgq.tick
        set tick_snapshot = format('%s:%s:', txid_snapshot_xmin(tick_snapshot) + 1000000000,
          txid_snapshot_xmax(tick_snapshot) + 1000000000)::txid_snapshot
        from pgq.queue where queue_id = tick_queue and queue_name = ?""",
        queue);
    s.run(
        "update pgq.event e set ev_txid = ev_txid + 1000000000 from pgq.queue"
            + " where queue_id = ev_queue and queue_name = ?",
        queue);
  }
}
