package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Events that are inserted now and come later: nothing on the way loses them. */
class DelayedEventIT {

  private static final String LATER =
      "select pgq.insert_event_at(?, 't', ?, now() + interval '1 h')";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private String q;

  @BeforeEach
  void queueWithAConsumer() throws SQLException {
    s = sessions.open();
    s.run("truncate pgq.retry_queue");
    q = sessions.queue("a");
  }

  @Test
  @Plant(in = "maint_retry_events()", replace = "nullif\\(r.ev_owner, 0\\)", by = "r.ev_owner")
  void eventComesAtItsTimeToEveryConsumer() throws SQLException {
    long event =
        s.number(
            "select pgq.insert_event_at(?, 't', 'x', '1', '2', '3', '4', now() + interval '1 h')",
            q);
    s.insert(q, "now");
    s.run("select pgq.register_consumer(?, 'b')", q);
    s.tick(q);
    assertThat(s.number("select pgq.maint_retry_events()")).isZero();
    assertThat(s.drain(q, "a")).containsExactly("now");
    s.drain(q, "b");

    assertThat(comeDue()).isEqualTo(1);
    s.tick(q);
    for (String consumer : new String[] {"a", "b"}) {
      assertThat(
              s.rows(
                  "select e.* from pgq.next_batch(?, ?) b, lateral (select ev_id, ev_retry, ev_type,"
                      + " ev_data, ev_extra1, ev_extra4 from pgq.get_batch_events(b)) e",
                  q,
                  consumer))
          .containsExactly(event + "||t|x|1|4");
    }
  }

  @Test
  void eventOfThePastComesAtOnceInTheOrderOfItsTransaction() throws SQLException {
    s.begin();
    s.insert(q, "1");
    s.run("select pgq.insert_event_at(?, 't', '2', now())", q);
    s.insert(q, "3");
    s.commit();
    s.tick(q);

    assertThat(s.drain(q, "a")).containsExactly("1", "2", "3");
  }

  @Test
  void whatIsRolledBackNeverComes() throws SQLException {
    s.begin();
    s.run(LATER, q, "x");
    s.rollback();

    assertThat(comeDue()).isZero();
  }

  @Test
  void badTimesAndQueuesAreRefused() throws SQLException {
    s.fails("PQ008", "select pgq.insert_event_at(?, 't', 'x', null)", q);
    s.fails("PQ008", "select pgq.insert_event_at(?, 't', 'x', 'infinity')", q);
    s.fails("PQ008", LATER, null, "x");
    s.fails("PQ001", LATER, "no such queue", "x");
    s.run("select pgq.set_queue_config(?, 'disable_insert', 'true')", q);
    s.fails("PQ005", LATER, q, "x");
    s.fails("PQ005", "select pgq.insert_event_at(?, 't', 'x', now())", q);
  }

  @Test
  void twoQueuesMayDelayEventsOfTheSameId() throws SQLException {
    String other = sessions.queue("a");

    assertThat(s.number(LATER, q, "x")).isEqualTo(s.number(LATER, other, "y"));
    assertThat(comeDue()).isEqualTo(2);
    s.tick(q);
    s.tick(other);
    assertThat(s.drain(q, "a")).containsExactly("x");
    assertThat(s.drain(other, "a")).containsExactly("y");
  }

  @Test
  void eventWaitsThroughRotations() throws SQLException {
    s.run(LATER, q, "late");
    for (int i = 0; i < 4; i++) {
      s.insert(q, "x");
      s.tick(q);
      s.drain(q, "a");
      assertThat(s.rotate(q)).isTrue();
    }
    Session mover = sessions.open();
    mover.begin().run("update pgq.retry_queue set ev_retry_after = now()");
    mover.run("select pgq.maint_retry_events()");
    for (int i = 0; i < 2; i++) {
      assertThat(s.rotate(q)).isTrue();
      s.insert(q, "x");
      s.tick(q);
      assertThat(s.drain(q, "a")).containsExactly("x");
    }
    assertThat(s.rotate(q)).as("the mover has the table").isFalse();
    mover.commit();
    assertThat(s.rotate(q)).as("nobody has read the event").isFalse();
    s.tick(q);

    assertThat(s.drain(q, "a")).containsExactly("late");
  }

  @Test
  @Plant(
      in = "unregister_consumer(text,text)",
      replace = "r\\.ev_queue = v_sub.sub_queue and r\\.ev_owner = v_sub.sub_id",
      by = "true")
  void eventOutlivesAConsumerThatLeaves() throws SQLException {
    s.run("select pgq.register_consumer(?, 'b')", q);
    s.run(LATER, q, "x");
    s.run("select pgq.unregister_consumer(?, 'a')", q);

    assertThat(comeDue()).isEqualTo(1);
    s.tick(q);
    assertThat(s.drain(q, "b")).containsExactly("x");
  }

  @Test
  void eventOfADroppedQueueIsGone() throws SQLException {
    s.run(LATER, q, "x");
    s.run("select pgq.drop_queue(?, true)", q);

    assertThat(s.number("select count(*) from pgq.retry_queue")).isZero();
  }

  @Test
  @Plant(in = "maint_retry_events()", replace = "<> all \\(v_behind\\)", by = "is not null")
  void eventWaitsUntilItsQueueIsAnchoredAnew() throws SQLException {
    s.run(LATER, q, "x");
    s.run(
        """
        update pgq.tick set tick_snapshot = '1000000000:1000000000:'
        from pgq.queue where queue_id = tick_queue and queue_name = ?""",
        q);
    assertThat(comeDue()).as("the queue is behind").isZero();
    s.run("select * from pgq.rebase()");

    assertThat(comeDue()).isEqualTo(1);
    s.tick(q);
    assertThat(s.drain(q, "a")).containsExactly("x");
  }

  @Test
  @Plant(
      in = "insert_event_at(text,text,text,text,text,text,text,timestamptz)",
      replace = "perform pgq.wake_ticker\\(\\)",
      by = "null")
  void sleepingTickerIsTold() throws SQLException {
    Session ticker = sessions.open();
    ticker.run("listen pgq_ticker");
    ticker.run("select pgq.ticker_state(true)");
    s.run(LATER, q, "x");

    assertThat(ticker.notifications()).containsExactly("pgq_ticker|");
    assertThat(
            ticker.truth("select retry_in between '59 min' and '1 h' from pgq.ticker_state(false)"))
        .isTrue();
  }

  /** What waits is due, and moved; how much. */
  private long comeDue() throws SQLException {
    s.run("update pgq.retry_queue set ev_retry_after = now()");
    return s.number("select pgq.maint_retry_events()");
  }
}
