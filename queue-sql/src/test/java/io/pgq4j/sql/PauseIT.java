package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queues and consumers stand still while they are paused, and miss nothing. */
class PauseIT {

  private static final String NEXT_BATCH = "next_batch_custom(text,text,interval,integer,interval)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  void pausedQueueTakesEventsAndMakesNoTicks() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    assertThat(s.number("select pgq.pause_queue(?)", q)).isEqualTo(1);
    assertThat(s.number("select pgq.pause_queue(?)", q)).isZero();
    s.insert(q, "x");

    s.fails("PQ004", "select pgq.ticker(?)", q);
    s.run("select pgq.ticker()");
    assertThat(s.drain(q, "c")).isEmpty();
    assertThat(s.truth("select queue_ticker_paused from pgq.get_queue_info(?)", q)).isTrue();
    assertThat(s.number("select pgq.resume_queue(?)", q)).isEqualTo(1);
    assertThat(s.number("select pgq.resume_queue(?)", q)).isZero();
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("x");
    s.fails("PQ001", "select pgq.pause_queue('no such queue')");
    s.fails("PQ001", "select pgq.resume_queue('no such queue')");
  }

  @Test
  @Plant(in = NEXT_BATCH, replace = "if v_paused then", by = "if false then")
  @Plant(
      in = "resume_consumer(text,text)",
      replace = "set sub_paused_at = null",
      by = "set sub_id = sub_id")
  void pausedConsumerGetsNoBatchAndOthersDo() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("paused", "other");
    assertThat(s.number("select pgq.pause_consumer(?, 'paused')", q)).isEqualTo(1);
    assertThat(s.number("select pgq.pause_consumer(?, 'paused')", q)).isZero();
    s.insert(q, "x");
    s.tick(q);

    assertThat(s.nextBatch(q, "paused")).isNull();
    assertThat(s.drain(q, "other")).containsExactly("x");
    assertThat(
            s.rows("select consumer_name, paused_at is null from pgq.get_paused_consumers(?)", q))
        .containsExactly("paused|f");
    assertThat(s.number("select pgq.resume_consumer(?, 'paused')", q)).isEqualTo(1);
    assertThat(s.number("select pgq.resume_consumer(?, 'paused')", q)).isZero();
    assertThat(s.drain(q, "paused")).containsExactly("x");
    assertThat(s.rows("select * from pgq.get_paused_consumers(?)", q)).isEmpty();
    s.fails("PQ002", "select pgq.pause_consumer(?, 'nobody')", q);
    s.fails("PQ002", "select pgq.resume_consumer(?, 'nobody')", q);
  }

  @Test
  void openBatchOfAPausedConsumerMayBeFinished() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x1");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.insert(q, "x2");
    s.tick(q);
    s.run("select pgq.pause_consumer(?, 'c')", q);

    assertThat(s.nextBatch(q, "c")).isNull();
    assertThat(s.events(batch)).containsExactly("x1");
    assertThat(s.finish(batch)).isEqualTo(1);
    s.run("select pgq.resume_consumer(?, 'c')", q);
    assertThat(s.drain(q, "c")).containsExactly("x2");
  }

  @Test
  void rotationKeepsWhatAPausedConsumerHasNotSeen() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run("select pgq.pause_consumer(?, 'c')", q);
    for (int i = 1; i <= 3; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
      assertThat(s.rotate(q)).isEqualTo(i < 3);
    }

    s.run("select pgq.resume_consumer(?, 'c')", q);
    assertThat(s.drain(q, "c")).containsExactly("x1", "x2", "x3");
  }

  @Test
  void resumingWakesTheConsumer() throws SQLException {
    Session consumer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run("select pgq.pause_consumer(?, 'c')", q);
    consumer.run("listen pgq_tick");
    s.run("select pgq.resume_consumer(?, 'c')", q);

    assertThat(consumer.notifications()).containsExactly("pgq_tick|" + q);
  }

  @Test
  @Plant(
      in = NEXT_BATCH,
      replace = "if v_main is not null and not v_paused then",
      by = "if false then")
  void membersOfAPausedConsumerGetNothing() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    String next = "select pgq_coop.next_batch(?, 'c', ?, interval '0')";
    s.run("select pgq_coop.register_subconsumer(?, 'c', 'one')", q);
    s.run("select pgq_coop.register_subconsumer(?, 'c', 'two')", q);
    s.insert(q, "x1");
    s.tick(q);
    long open = s.number(next, q, "one");
    s.insert(q, "x2");
    s.tick(q);
    s.run("select pgq.pause_consumer(?, 'c')", q);

    assertThat(s.text(next, q, "two")).as("nothing new, and no takeover").isEmpty();
    assertThat(s.finish(open)).isEqualTo(1);
    s.run("select pgq.resume_consumer(?, 'c')", q);
    assertThat(s.events(s.number(next, q, "two"))).containsExactly("x2");
  }
}
