package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Producers that repeat a call with the same key: one event, whatever else is going on. */
class OnceIT {

  private static final String ONCE =
      "select pgq.insert_event_once(?, ?, 't', ?, interval '1 hour')";
  private static final String FUNCTION =
      "insert_event_once(text,text,text,text,text,text,text,text,interval)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private Session other;
  private String q;

  @BeforeEach
  void queueWithAConsumer() throws SQLException {
    s = sessions.open();
    other = sessions.open();
    s.run("truncate pgq.event_key");
    q = sessions.queue("c");
  }

  @Test
  void secondCallAnswersTheEventOfTheFirst() throws SQLException {
    long first =
        s.number(
            "select pgq.insert_event_once(?, 'k', 't', 'x', '1', '2', '3', '4', interval '1 h')",
            q);
    assertThat(other.number(ONCE, q, "k", "other data")).isEqualTo(first);
    assertThat(s.number(ONCE, q, "other key", "y")).isGreaterThan(first);
    String otherQueue = sessions.queue("c");
    s.run(ONCE, otherQueue, "k", "z");
    s.tick(q);
    s.tick(otherQueue);

    assertThat(
            s.rows(
                "select ev_id, ev_data, ev_extra1, ev_extra4 from pgq.get_batch_events(?)",
                s.openBatch(q, "c")))
        .startsWith(first + "|x|1|4")
        .hasSize(2);
    assertThat(s.drain(otherQueue, "c")).containsExactly("z");
  }

  @Test
  @Plant(
      in = FUNCTION,
      replace = "on conflict \\(key_queue, key\\) do update.*?clock_timestamp\\(\\);",
      by =
          "on conflict (key_queue, key) do update set ev_id = excluded.ev_id,"
              + " key_expires = excluded.key_expires;")
  void callBesideAnOpenFirstOneWaitsAndAnswersItsEvent() throws SQLException {
    s.begin();
    String first = s.text(ONCE, q, "k", "first");
    Running second = other.start(ONCE, q, "k", "second").awaitBlocked();
    s.commit();

    assertThat(second.result()).isEqualTo(first);
    assertThat(delivered()).isEqualTo("first");
  }

  @Test
  void afterTheFirstIsRolledBackTheSecondInserts() throws SQLException {
    s.begin();
    s.run(ONCE, q, "k", "first");
    Running second = other.start(ONCE, q, "k", "second").awaitBlocked();
    s.rollback();

    assertThat(second.result()).isNotEmpty();
    assertThat(delivered()).isEqualTo("second");
  }

  @Test
  void keyOfASavepointThatIsTakenBackIsFree() throws SQLException {
    s.begin();
    s.run("savepoint a");
    s.run(ONCE, q, "k", "taken back");
    s.run("rollback to a");
    long event = s.number(ONCE, q, "k", "kept");
    assertThat(s.number(ONCE, q, "k", "again")).isEqualTo(event);
    s.commit();

    assertThat(delivered()).isEqualTo("kept");
  }

  @Test
  void oldSnapshotGetsAnErrorAndNeverASecondEvent() throws SQLException {
    other.beginWithSnapshot("repeatable read");
    s.run(ONCE, q, "k", "first");
    other.fails("40001", ONCE, q, "k", "second");
    other.rollback();

    assertThat(delivered()).isEqualTo("first");
  }

  @Test
  @Plant(in = FUNCTION, replace = "where k.key_expires <= clock_timestamp\\(\\)", by = "where true")
  void expiredKeyCanBeUsedAgainByOneOfTwo() throws SQLException {
    s.run(ONCE, q, "k", "first");
    expire();
    s.begin();
    String again = s.text(ONCE, q, "k", "again");
    Running second = other.start(ONCE, q, "k", "second").awaitBlocked();
    s.commit();

    assertThat(second.result()).isEqualTo(again);
    assertThat(delivered()).isEqualTo("first again");
  }

  @Test
  @Plant(in = "maint_purge_keys()", replace = "for update skip locked", by = "for update")
  void purgeTakesExpiredKeysAndWaitsForNobody() throws SQLException {
    s.run(ONCE, q, "used again", "1");
    s.run(ONCE, q, "expired", "2");
    expire();
    s.run(ONCE, q, "live", "3");
    assertThat(s.rows("select func_name from pgq.maint_operations()"))
        .contains("pgq.maint_purge_keys");
    other.begin();
    other.run(ONCE, q, "used again", "4");
    s.run("set lock_timeout = '2s'");
    assertThat(s.number("select pgq.maint_purge_keys()")).isZero();
    other.commit();

    assertThat(s.rows("select key from pgq.event_key order by key"))
        .containsExactly("live", "used again");
    assertThat(s.rows("select func_name from pgq.maint_operations()"))
        .doesNotContain("pgq.maint_purge_keys");
  }

  @Test
  void purgeAsksToBeCalledAgainWhileThereIsMore() throws SQLException {
    s.run(
        "insert into pgq.event_key select 0, i::text, i, now() - interval '1 s'"
            + " from generate_series(1, 10001) i");

    assertThat(s.number("select pgq.maint_purge_keys()")).isEqualTo(1);
    assertThat(s.number("select pgq.maint_purge_keys()")).isZero();
    assertThat(s.number("select count(*) from pgq.event_key")).isZero();
  }

  @Test
  void badKeysAndTimesAreRefused() throws SQLException {
    s.fails("PQ008", ONCE, q, null, "x");
    s.fails("PQ008", ONCE, q, "", "x");
    s.fails("PQ008", ONCE, q, "é".repeat(501), "x");
    s.run(ONCE, q, "é".repeat(500), "x");
    for (String ttl : new String[] {"null", "interval '0'", "interval '-1 s'"}) {
      s.fails("PQ008", "select pgq.insert_event_once(?, 'k', 't', 'x', " + ttl + ")", q);
    }
    s.fails("PQ001", ONCE, "no such queue", "k", "x");
    s.fails("PQ008", ONCE, null, "k", "x");
    s.run(ONCE, q, "k", "x");
    s.run("select pgq.set_queue_config(?, 'disable_insert', 'true')", q);
    s.fails("PQ005", ONCE, q, "k", "x");
  }

  @Test
  void keysGoWithTheirQueue() throws SQLException {
    s.run(ONCE, q, "k", "x");
    s.run("select pgq.drop_queue(?, true)", q);

    assertThat(s.number("select count(*) from pgq.event_key")).isZero();
  }

  @Test
  @Plant(in = FUNCTION, replace = "lock table only pgq.event in row exclusive mode", by = "null")
  void producerIsSeenOpenBeforeItsIdIsGivenOut() throws SQLException {
    Session third = sessions.open();
    s.begin();
    s.run(
        "insert into pgq.event_key select queue_id, 'k', 0, now() + interval '1 h'"
            + " from pgq.queue where queue_name = ?",
        q);
    Running waiting = other.start(ONCE, q, "k", "x").awaitBlocked();

    assertThat(third.truth("select pgq.producers_open()")).isTrue();
    s.rollback();
    waiting.result();
  }

  private void expire() throws SQLException {
    s.run("update pgq.event_key set key_expires = now() - interval '1 s'");
  }

  private String delivered() throws SQLException {
    s.tick(q);
    return String.join(" ", s.drain(q, "c"));
  }
}
