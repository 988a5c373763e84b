package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a consumer notes in the database where it works, so that nothing is done twice. */
class ExtIT {

  private static final String SET_BATCH = "select pgq_ext.set_batch_done(?, ?)";
  private static final String SET_EVENT = "select pgq_ext.set_event_done(?, ?, ?)";
  private static final String SET_TICK = "select pgq_ext.set_last_tick(?, ?)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);
  @RegisterExtension final TestDatabase target = TestDatabase.empty();

  @Test
  void batchIsDoneOnce() throws SQLException {
    Session s = sessions.open();

    assertThat(s.truth("select pgq_ext.is_batch_done('once', 1)")).isFalse();
    assertThat(s.truth(SET_BATCH, "once", 1)).isTrue();
    assertThat(s.truth("select pgq_ext.is_batch_done('once', 1)")).isTrue();
    assertThat(s.truth(SET_BATCH, "once", 1)).isFalse();
    assertThat(s.truth("select pgq_ext.is_batch_done('once', 2)")).isFalse();
    assertThat(s.truth("select pgq_ext.is_batch_done('other', 1)")).isFalse();
    assertThat(s.truth("select pgq_ext.set_batch_done('once', 'm1', 1)")).isTrue();
    assertThat(s.truth("select pgq_ext.is_batch_done('once', 'm1', 1)")).isTrue();
    assertThat(s.truth("select pgq_ext.is_batch_done('once', 'm2', 1)")).isFalse();
    assertThat(s.truth(SET_BATCH, "once", 2)).isTrue();
    s.fails("23502", SET_BATCH, null, 1);
    s.fails("23502", SET_BATCH, "once", null);
  }

  @Test
  @Plant(
      in = "pgq_ext.set_batch_done(text,text,bigint)",
      replace = "where b.last_batch_id < excluded.last_batch_id",
      by = "")
  void ofTwoSessionsThatDoABatchOneWins() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    a.run(SET_BATCH, "race", 1);
    a.begin();
    assertThat(a.truth(SET_BATCH, "race", 2)).isTrue();
    Running second = b.start(SET_BATCH, "race", 2).awaitBlocked();
    a.commit();

    assertThat(second.result()).isEqualTo("f");
  }

  @Test
  void sessionThatWaitedForARollbackDoesTheBatch() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    a.begin();
    assertThat(a.truth(SET_BATCH, "rollback", 1)).isTrue();
    Running second = b.start(SET_BATCH, "rollback", 1).awaitBlocked();
    a.rollback();

    assertThat(second.result()).isEqualTo("t");
  }

  @Test
  void repeatableReadSessionThatComesSecondFails() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    b.beginWithSnapshot("repeatable read");
    a.run(SET_BATCH, "rr", 1);
    a.run(SET_EVENT, "rr", 1, 1);
    a.run(SET_TICK, "rr", 1);

    b.fails("40001", SET_BATCH, "rr", 1);
    b.rollback();
    b.beginWithSnapshot("repeatable read");
    a.run(SET_EVENT, "rr", 1, 2);
    b.fails("40001", SET_EVENT, "rr", 1, 2);
    b.rollback();
    b.beginWithSnapshot("repeatable read");
    a.run(SET_TICK, "rr", 2);
    b.fails("40001", SET_TICK, "rr", 2);
  }

  @Test
  @Plant(
      in = "pgq_ext.refuse_past_batch(text,bigint,bigint)",
      replace = "i_batch_id < i_last",
      by = "false")
  void holderOfABatchThatWasTakenOverIsRefused() throws SQLException {
    Session s = sessions.open();
    s.run(SET_BATCH, "late", 11);
    s.run(SET_EVENT, "late", 11, 1);

    s.fails("PQ006", SET_BATCH, "late", 10);
    s.fails("PQ006", SET_EVENT, "late", 10, 1);
    assertThat(s.truth("select pgq_ext.is_batch_done('late', 11)")).isTrue();
  }

  @Test
  void eventsAreDoneOnceAndForgottenWithTheNextBatch() throws SQLException {
    Session s = sessions.open();

    assertThat(s.truth("select pgq_ext.is_event_done('events', 1, 7)")).isFalse();
    assertThat(s.truth(SET_EVENT, "events", 1, 7)).isTrue();
    assertThat(s.truth(SET_EVENT, "events", 1, 7)).isFalse();
    assertThat(s.truth(SET_EVENT, "events", 1, 8)).isTrue();
    assertThat(s.truth("select pgq_ext.is_event_done('events', 1, 7)")).isTrue();
    assertThat(s.truth("select pgq_ext.set_event_done('events', 'm', 1, 7)")).isTrue();
    assertThat(s.truth("select pgq_ext.is_event_done('events', 'm', 1, 7)")).isTrue();
    assertThat(s.truth(SET_EVENT, "events", 2, 9)).isTrue();
    assertThat(
            s.rows(
                "select subconsumer_id, batch_id, event_id from pgq_ext.completed_event"
                    + " where consumer_id = 'events' order by 1, 2, 3"))
        .containsExactly("|2|9", "m|1|7");
  }

  @Test
  @Plant(
      in = "pgq_ext.set_event_done(text,text,bigint,bigint)",
      replace = "return found",
      by = "return true")
  void ofTwoSessionsThatDoAnEventOneWinsAndOthersDoNotWait() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    Session c = sessions.open();
    a.run(SET_EVENT, "event race", 1, 1);
    a.begin();
    assertThat(a.truth(SET_EVENT, "event race", 1, 2)).isTrue();
    Running second = b.start(SET_EVENT, "event race", 1, 2).awaitBlocked();
    assertThat(c.truth(SET_EVENT, "event race", 1, 3)).isTrue();
    a.commit();

    assertThat(second.result()).isEqualTo("f");
  }

  @Test
  void ofTwoSessionsThatBeginABatchBothGoOn() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    a.run(SET_EVENT, "begin", 1, 1);
    a.begin();
    assertThat(a.truth(SET_EVENT, "begin", 2, 2)).isTrue();
    Running second = b.start(SET_EVENT, "begin", 2, 3).awaitBlocked();
    a.commit();

    assertThat(second.result()).isEqualTo("t");
    assertThat(
            b.rows(
                "select event_id from pgq_ext.completed_event where consumer_id = 'begin'"
                    + " order by 1"))
        .containsExactly("2", "3");
  }

  @Test
  void lastTickIsKeptMovedAndForgotten() throws SQLException {
    Session s = sessions.open();

    assertThat(s.text("select pgq_ext.get_last_tick('tick')")).isEmpty();
    assertThat(s.number(SET_TICK, "tick", 5)).isEqualTo(1);
    assertThat(s.number("select pgq_ext.get_last_tick('tick')")).isEqualTo(5);
    assertThat(s.number(SET_TICK, "tick", 5)).isZero();
    assertThat(s.number(SET_TICK, "tick", 3)).isEqualTo(1);
    assertThat(s.number("select pgq_ext.set_last_tick('tick', 'm', 9)")).isEqualTo(1);
    assertThat(s.number("select pgq_ext.get_last_tick('tick', 'm')")).isEqualTo(9);
    assertThat(s.number(SET_TICK, "tick", null)).isEqualTo(1);
    assertThat(s.text("select pgq_ext.get_last_tick('tick')")).isEmpty();
    assertThat(s.number(SET_TICK, "tick", null)).isEqualTo(1);
  }

  @Test
  @Plant(
      in = "pgq_ext.set_last_tick(text,text,bigint)",
      replace = "where t.last_tick_id <> excluded.last_tick_id",
      by = "")
  void ofTwoSessionsThatSetATickOneIsTold() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    a.run(SET_TICK, "tick race", 1);
    a.begin();
    assertThat(a.number(SET_TICK, "tick race", 2)).isEqualTo(1);
    Running second = b.start(SET_TICK, "tick race", 2).awaitBlocked();
    a.commit();

    assertThat(second.result()).isEqualTo("0");
  }

  @Test
  void isInstalledAloneWhereThereIsNoQueue() throws SQLException {
    String sql = SchemaInstaller.extScript().replaceAll("(?m)^\\\\.*$", "");
    try (Connection connection = target.connect()) {
      connection.createStatement().execute(sql);
      connection
          .createStatement()
          .execute("select pgq_ext.set_batch_done('c', 1), pgq_ext.set_event_done('c', 1, 1)");
      connection.createStatement().execute(sql);
    }
    assertThat(batchIsDone()).isTrue();

    SchemaInstaller.of(target.dataSource()).install();
    assertThat(batchIsDone()).isTrue();
    try (Connection alone = target.connect();
        Connection whole = database.connect()) {
      assertThat(SchemaDump.of(alone)).isEqualTo(SchemaDump.of(whole));
    }
  }

  private boolean batchIsDone() throws SQLException {
    try (Connection connection = target.connect();
        ResultSet row =
            connection.createStatement().executeQuery("select pgq_ext.is_batch_done('c', 1)")) {
      return row.next() && row.getBoolean(1);
    }
  }
}
