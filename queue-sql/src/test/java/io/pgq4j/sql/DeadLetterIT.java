package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of the events that a consumer gave up. */
class DeadLetterIT {

  private static final String REQUEUE = "select pgq.dead_requeue(?, 'a')";
  private static final String REQUEUE_ONE = "select pgq.dead_requeue(?, 'a', ?)";
  private static final String LEFT = "select count(*) from pgq.get_dead_letters(?, 'a')";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private String q;

  @BeforeEach
  void queueWithTwoConsumers() throws SQLException {
    s = sessions.open();
    s.run("truncate pgq.retry_queue, pgq.dead_letter");
    q = sessions.queue("a", "b");
  }

  @Test
  void deadLettersAreListedPageByPage() throws SQLException {
    s.run("select pgq.insert_events(?, 't', array['1', '2', '3'])", q);
    giveUpAll();
    String page = "select ev_data, attempts, reason from pgq.get_dead_letters(?, 'a', ?, 2)";

    assertThat(s.rows(page, q, null)).containsExactly("1|1|why", "2|1|why");
    long second = s.number("select max(ev_id) from pgq.get_dead_letters(?, 'a', null, 2)", q);
    assertThat(s.rows(page, q, second)).containsExactly("3|1|why");
    assertThat(s.number("select count(*) from pgq.get_dead_letters(?, 'b')", q)).isZero();
  }

  @Test
  void oneComesBackToTheConsumerThatGaveItUpAndIsCountedAnew() throws SQLException {
    long event = s.insert(q, "x");
    s.insert(q, "y");
    giveUpAll();
    s.drain(q, "b");
    String first =
        s.text("select first_time from pgq.get_dead_letters(?, 'a', ?, 1)", q, event - 1);
    assertThat(s.number(REQUEUE_ONE, q, event)).isEqualTo(1);
    assertThat(s.number(REQUEUE_ONE, q, event)).isZero();
    assertThat(s.number("select pgq.maint_retry_events()")).isEqualTo(1);
    s.tick(q);

    assertThat(s.drain(q, "b")).isEmpty();
    long batch = s.openBatch(q, "a");
    assertThat(s.rows("select ev_id, ev_retry, ev_data from pgq.get_batch_events(?)", batch))
        .containsExactly(event + "||x");
    s.run("select pgq.event_dead(?, ?, 'again')", batch, event);
    assertThat(
            s.rows(
                "select first_time, attempts, reason from pgq.get_dead_letters(?, 'a') where ev_id = ?",
                q,
                event))
        .containsExactly(first + "|1|again");
  }

  @Test
  @Plant(
      in = "requeue_dead_letters(text,text,bigint)",
      replace = "delete from (pgq.dead_letter d.*?)returning d\\.\\*",
      by = "select d.* from $1")
  void twoCallsAtOnceSendEachEventOnce() throws SQLException {
    Session other = sessions.open();
    long event = s.insert(q, "x");
    giveUpAll();
    s.begin();
    assertThat(s.number(REQUEUE_ONE, q, event)).isEqualTo(1);
    Running second = other.start(REQUEUE_ONE, q, event).awaitBlocked();
    s.run("select pgq.maint_retry_events()");
    s.commit();

    assertThat(second.result()).isEqualTo("0");
    s.tick(q);
    assertThat(s.drain(q, "a")).containsExactly("x");
    assertThat(s.number("select pgq.maint_retry_events()")).isZero();
  }

  @Test
  @Plant(in = "requeue_dead_letters(text,text,bigint)", replace = "for update", by = "")
  void callBesideAnotherGoesOnWithWhatThatOneLeaves() throws SQLException {
    Session other = sessions.open();
    s.run("select pgq.insert_events(?, 't', array_fill('x'::text, array[10005]))", q);
    giveUpAll();
    s.begin();
    assertThat(s.number(REQUEUE, q)).isEqualTo(10_000);
    Running second = other.start(REQUEUE, q).awaitBlocked();
    s.commit();

    assertThat(second.result()).isEqualTo("5");
    assertThat(s.number(REQUEUE, q)).isZero();
    assertThat(s.number("select count(*) from pgq.retry_queue")).isEqualTo(10_005);
  }

  @Test
  @Plant(in = "requeue_dead_letters(text,text,bigint)", replace = "for key share", by = "")
  void consumerThatLeavesMeanwhileLeavesNoEventsBehind() throws SQLException {
    Session other = sessions.open();
    s.insert(q, "x");
    giveUpAll();
    s.begin();
    s.run(REQUEUE, q);
    Running leaving = other.start("select pgq.unregister_consumer(?, 'a')", q).awaitBlocked();
    s.commit();
    leaving.result();

    assertThat(s.number("select count(*) from pgq.retry_queue")).isZero();
    other.fails("PQ002", REQUEUE, q);
  }

  @Test
  void deadLettersOutliveTheirConsumerAndWaitForItsReturn() throws SQLException {
    s.insert(q, "x");
    giveUpAll();
    s.run("select pgq.unregister_consumer(?, 'a')", q);
    assertThat(s.number(LEFT, q)).isEqualTo(1);
    s.fails("PQ002", REQUEUE, q);
    s.run("select pgq.register_consumer(?, 'a')", q);
    assertThat(s.number(REQUEUE, q)).isEqualTo(1);
    s.run("select pgq.maint_retry_events()");
    s.tick(q);

    assertThat(s.drain(q, "a")).containsExactly("x");
  }

  @Test
  void onlyOldOnesArePurged() throws SQLException {
    s.run("select pgq.insert_events(?, 't', array['old', 'new'])", q);
    giveUpAll();
    s.run("update pgq.dead_letter set dl_time = now() - interval '2 days' where ev_data = 'old'");

    assertThat(s.number("select pgq.dead_purge(?, 'b', '0')", q)).isZero();
    assertThat(s.number("select pgq.dead_purge(?, 'a', '1 day')", q)).isEqualTo(1);
    assertThat(s.rows("select ev_data from pgq.get_dead_letters(?, 'a')", q))
        .containsExactly("new");
    assertThat(s.number("select pgq.dead_purge(?, 'a', '0')", q)).isEqualTo(1);
  }

  @Test
  void whatIsNotThereIsRefused() throws SQLException {
    for (String call :
        List.of(
            "pgq.get_dead_letters(%s)",
            "pgq.dead_requeue(%s)", "pgq.dead_requeue(%s, 1)", "pgq.dead_purge(%s, '0')")) {
      s.fails("PQ001", "select " + call.formatted("'no such queue', 'a'"));
      s.fails("PQ002", "select " + call.formatted("?, 'no such consumer'"), q);
      s.fails("PQ002", "select " + call.formatted("?, null"), q);
    }
    s.fails("PQ008", "select pgq.dead_requeue(?, 'a', null)", q);
    s.fails("PQ008", "select pgq.dead_purge(?, 'a', null)", q);
  }

  /** Ticks, and has consumer a give up all events of its next batch. */
  private void giveUpAll() throws SQLException {
    s.tick(q);
    long batch = s.openBatch(q, "a");
    s.run(
        "select pgq.event_dead(?, array_agg(ev_id), array_agg('why'::text))"
            + " from pgq.get_batch_events(?)",
        batch,
        batch);
    s.finish(batch);
  }
}
