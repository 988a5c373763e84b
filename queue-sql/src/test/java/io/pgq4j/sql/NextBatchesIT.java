package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Batches of many consumers in one call. */
class NextBatchesIT {
  private static final String CALL =
      "select consumer_name || coalesce(' ' || batch_id, '') from pgq.next_batches(?, ?, ?)";

  private static final String READ =
      "select coalesce(batch_id || ' ', '') || ev_data from pgq.get_batches_events(?, ?)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private static List<String> call(
      Session s, String queue, Object[] consumers, @Nullable Object... finished)
      throws SQLException {
    return s.rows(CALL, queue, s.array("text", consumers), s.array("int8", finished));
  }

  private static List<String> both(Session s, String queue, @Nullable Object... finished)
      throws SQLException {
    return call(s, queue, new Object[] {"a", "b"}, finished);
  }

  private static void publish(Session s, String queue, String data) throws SQLException {
    s.insert(queue, data);
    s.tick(queue);
  }

  @Test
  void opensWhatNextBatchWouldOpenAndFinishesWhatIsFinished() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("a", "b");
    publish(s, q, "x");

    assertThat(both(s, q, null, null)).hasSize(2);

    long a = s.openBatch(q, "a");
    long b = s.openBatch(q, "b");
    assertThat(s.events(a)).containsExactly("x");
    publish(s, q, "y");
    assertThat(both(s, q, a, b)).hasSize(2);
    assertThat(s.events(s.openBatch(q, "a"))).containsExactly("y");
    assertThat(s.events(s.openBatch(q, "b"))).containsExactly("y");
    s.fails("PQ003", READ, s.array("int8", a), 10);
  }

  @Test
  void withoutATickABatchIsOnlyFinished() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("a", "b");
    publish(s, q, "x");
    long a = s.openBatch(q, "a");
    s.drain(q, "b");

    assertThat(both(s, q, a, null)).containsExactlyInAnyOrder("a", "b");

    publish(s, q, "y");
    assertThat(s.drain(q, "a")).containsExactly("y");
  }

  @Test
  @Plant(
      in = "next_batches(text,text[],bigint[])",
      replace = "p.batch_id is not distinct from w.finished",
      by = "true")
  void batchThatTheCallerDoesNotKnowIsLeftAlone() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("a", "b");
    publish(s, q, "x");
    long a = s.openBatch(q, "a");
    publish(s, q, "y");

    assertThat(both(s, q, null, null))
        .as("a has one open")
        .singleElement()
        .asString()
        .contains("b");
    assertThat(both(s, q, a + 1000, null)).as("another one").isEmpty();
    s.finish(a);
    assertThat(both(s, q, a, null)).as("finished already").isEmpty();

    assertThat(s.drain(q, "a")).containsExactly("y");
  }

  @Test
  void sessionThatComesSecondGetsNothing() throws SQLException {
    Session one = sessions.open();
    Session two = sessions.open();
    String q = sessions.queue("a", "b");
    publish(one, q, "x");
    one.begin();
    long a = one.openBatch(q, "a");
    Running second =
        two.start(CALL, q, two.array("text", "a", "b"), two.array("int8", null, null))
            .awaitBlocked();
    one.commit();

    assertThat(second.result()).startsWith("b ");
    assertThat(one.openBatch(q, "a")).isEqualTo(a);
  }

  @Test
  @Plant(
      in = "next_batches(text,text[],bigint[])",
      replace = "and not pgq.is_paused\\(r\\)",
      by = "")
  void pausedConsumerGetsNone() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("a", "b");
    publish(s, q, "x");
    s.run("select pgq.pause_consumer(?, 'a')", q);

    assertThat(both(s, q, null, null)).contains("a").hasSize(2);

    s.run("select pgq.resume_consumer(?, 'a')", q);
    assertThat(s.drain(q, "a")).containsExactly("x");
  }

  @Test
  @Plant(in = "next_batches(text,text[],bigint[])", replace = "and r.sub_main is null", by = "")
  @Plant(
      in = "next_batches(text,text[],bigint[])",
      replace = "and not exists \\(select from pgq.registration.*?\\)",
      by = "")
  void whoSharesItsBatchesIsLeftAlone() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("a", "b");
    s.run("select pgq_coop.register_subconsumer(?, 'a', 'one')", q);
    publish(s, q, "x");
    long ofMember = s.number("select pgq_coop.next_batch(?, 'a', 'one')", q);
    publish(s, q, "y");

    assertThat(call(s, q, new Object[] {"a", "a.one", "b", "nobody"}, null, ofMember, null, null))
        .singleElement()
        .asString()
        .startsWith("b ");
  }

  @Test
  @Plant(
      in = "next_batches(text,text[],bigint[])",
      replace = "and \\(p.batch_id is null or .*?\\)\\)",
      by = "")
  void batchOfAnotherRoleIsNotFinished() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("a", "b");
    publish(s, q, "x");
    long a = s.openBatch(q, "a");
    String reader = database.createUser("in role pgq_reader");
    Session other = sessions.openAs(reader);

    assertThat(both(other, q, a, null)).singleElement().asString().startsWith("b ");

    assertThat(s.finish(a)).isEqualTo(1);
  }

  @Test
  @Plant(
      in = "get_batches_events(bigint[],integer)",
      replace = "\\(e.ev_owner is null or e.ev_owner = any \\(\\$5\\)\\)",
      by = "e.ev_owner is null")
  @Plant(
      in = "get_batches_events(bigint[],integer)",
      replace = " or e.ev_txid = any \\(\\$4\\)",
      by = "")
  void eventsAreThoseOfEachBatchAndThoseThatComeBackToOne() throws SQLException {
    Session s = sessions.open();
    Session late = sessions.open();
    String q = sessions.queue("a", "b", "c");
    late.begin();
    late.insert(q, "late");
    publish(s, q, "x");
    long c = s.openBatch(q, "c");
    long a = s.openBatch(q, "a");
    s.number("select pgq.event_retry(?, ev_id, 0) from pgq.get_batch_events(?)", a, a);
    s.number("select pgq.event_retry(?, ev_id, 0) from pgq.get_batch_events(?)", c, c);
    s.drain(q, "b");
    s.number("select pgq.maint_retry_events()");
    s.insert(q, "y");
    late.commit();
    s.tick(q);

    both(s, q, a, null);

    long nextOfA = s.openBatch(q, "a");
    long nextOfB = s.openBatch(q, "b");
    assertThat(s.rows(READ, s.array("int8", nextOfA, nextOfB), 10))
        .as("in the order of ids, without the one that comes back to c")
        .containsExactly("late", nextOfA + " x", "y");
    assertThat(s.rows(READ, s.array("int8", nextOfB, c), 10))
        .as("c is not between these ticks")
        .containsExactly("late", "y");
    assertThat(s.rows(READ, s.array("int8", nextOfB, nextOfA), 2))
        .containsExactly("late", nextOfA + " x");
  }
}
