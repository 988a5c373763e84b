package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A batch that ends and the next one that begins in one call. */
class FinishAndNextIT {
  private static final String CALL = "select * from pgq.finish_and_next(?)";

  private static final String OPEN = "select count(current_batch) from pgq.get_consumer_info(?)";

  private static final String POSITIONS =
      "select count(*) from pgq.position join pgq.registration using (sub_id)"
          + " join pgq.queue on queue_id = sub_queue where queue_name = ?";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  void nextBatchIsTheOneThatNextBatchAnswers() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long first = ticked(s, q, "x");
    ticked(s, q, "y");

    String opened = s.text(CALL, first);

    assertThat(opened).startsWith("1|");
    assertThat(opened.substring(2))
        .isEqualTo(s.text("select * from pgq.next_batch_info(?, 'c')", q));
    assertThat(s.events(s.openBatch(q, "c"))).containsExactly("y");
    assertThat(s.number(POSITIONS, q)).as("one position for both").isEqualTo(3);
  }

  @Test
  void withoutATickTheBatchIsOnlyFinished() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long batch = ticked(s, q, "x");

    assertThat(s.number("select finished from pgq.finish_and_next(?)", batch)).isEqualTo(1);

    assertThat(s.nextBatch(q, "c")).isNull();
    s.insert(q, "y");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("y");
  }

  @Test
  @Plant(in = "finish_and_next(bigint)", replace = "v_position.pos_seq \\+ 1", by = "1000")
  void finishedBatchOpensNothing() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long first = ticked(s, q, "x");
    ticked(s, q, "y");
    s.run(CALL, first);
    long second = s.openBatch(q, "c");
    ticked(s, q, "z");

    assertThat(s.warning(CALL, first)).isEqualTo("PQ003");

    assertThat(s.openBatch(q, "c")).isEqualTo(second);
    assertThat(s.events(second)).containsExactly("y");
  }

  @Test
  void sessionThatComesSecondIsToldSo() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = sessions.queue("c");
    long first = ticked(a, q, "x");
    ticked(a, q, "y");
    a.begin();
    a.run(CALL, first);
    Running second = b.start("select finished from pgq.finish_and_next(?)", first).awaitBlocked();
    a.commit();

    assertThat(second.result()).isEqualTo("0");
    assertThat(a.drain(q, "c")).containsExactly("y");
  }

  @Test
  @Plant(in = "finish_and_next(bigint)", replace = "and not pgq.is_paused\\(r\\)", by = "")
  void pausedConsumerGetsNone() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long first = ticked(s, q, "x");
    ticked(s, q, "y");
    s.run("select pgq.pause_consumer(?, 'c')", q);

    s.run(CALL, first);

    assertThat(s.number(OPEN, q)).isZero();
    s.run("select pgq.resume_consumer(?, 'c')", q);
    assertThat(s.drain(q, "c")).containsExactly("y");
  }

  @Test
  @Plant(in = "finish_and_next(bigint)", replace = "and r.sub_main is null", by = "")
  void memberIsHandedNone() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run("select pgq_coop.register_subconsumer(?, 'c', 'one')", q);
    s.insert(q, "x");
    s.tick(q);
    long first = s.number("select pgq_coop.next_batch(?, 'c', 'one')", q);
    s.insert(q, "y");
    s.tick(q);

    assertThat(s.number("select finished from pgq.finish_and_next(?)", first)).isEqualTo(1);

    assertThat(s.number(OPEN, q)).isZero();
  }

  /** Inserts and ticks; the consumer's open batch. */
  private static long ticked(Session s, String queue, String data) throws SQLException {
    s.insert(queue, data);
    s.tick(queue);
    return s.openBatch(queue, "c");
  }
}
