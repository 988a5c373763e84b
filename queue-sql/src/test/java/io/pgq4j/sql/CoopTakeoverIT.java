package io.pgq4j.sql;

import static io.pgq4j.sql.Members.age;
import static io.pgq4j.sql.Members.coopFinish;
import static io.pgq4j.sql.Members.group;
import static io.pgq4j.sql.Members.next;
import static io.pgq4j.sql.Members.take;
import static io.pgq4j.sql.Members.takeOver;
import static io.pgq4j.sql.Members.tickEach;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The batch of a member that is silent comes to another one, and only one of them finishes it. */
class CoopTakeoverIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(
      in = "pgq_coop.take_over(integer,integer,interval)",
      replace = "nextval\\('pgq.batch_id_seq'\\)",
      by = "v_dead.batch_id")
  void holderThatWakesAfterATakeoverIsRefused() throws SQLException {
    Session stopped = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    long event = s.insert(q, "x");
    s.tick(q);
    long lost = take(stopped, q, "m1");

    assertThat(next(s, q, "m2")).as("without dead_interval").isEmpty();
    long taken = takeOver(s, q, "m2");

    assertThat(taken).isNotEqualTo(lost);
    assertThat(stopped.finish(lost)).isZero();
    assertThat(coopFinish(stopped, lost)).isZero();
    assertThat(stopped.warning("select pgq_coop.heartbeat(?)", lost)).isEqualTo("PQ003");
    stopped.fails("PQ003", "select pgq.event_retry(?, ?, 0)", lost, event);
    stopped.fails("PQ003", "select pgq.batch_retry(?, 0)", lost);
    stopped.fails("PQ003", "select pgq.event_dead(?, array[?], array['reason'])", lost, event);
    stopped.fails("PQ003", "select pgq.get_batch_events(?)", lost);
    assertThat(next(stopped, q, "m1")).isEmpty();
    assertThat(s.events(taken)).containsExactly("x");
    assertThat(s.finish(taken)).isEqualTo(1);
    assertThat(
            s.number(
                "select count(*) from pgq.retry_queue r, pgq.queue where ev_queue = queue_id"
                    + " and queue_name = ?",
                q))
        .isZero();
  }

  @Test
  @Plant(
      in = "pgq_coop.silent_batches(integer,interval)",
      replace = "p.pos_time <=",
      by = "(select min(o.pos_time) from pgq.position o where o.batch_id = p.batch_id) <=")
  void heartbeatKeepsASlowMember() throws SQLException {
    Session slow = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "x");
    long batch = take(slow, q, "m1");
    String takeOver = "select pgq_coop.next_batch(?, 'c', 'm2', '30 minutes')";
    age(s, batch);
    assertThat(slow.number("select pgq_coop.heartbeat(?)", batch)).isEqualTo(1);

    assertThat(s.text(takeOver, q)).isEmpty();
    assertThat(slow.events(batch)).containsExactly("x");
    age(s, batch);
    long taken = s.number(takeOver, q);
    assertThat(slow.number("select pgq_coop.heartbeat(?)", batch)).isZero();
    assertThat(s.finish(taken)).isEqualTo(1);
  }

  @Test
  void batchIsFinishedAfterHeartbeats() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1");
    tickEach(s, q, "x", "y");
    long batch = take(s, q, "m1");
    s.run("select pgq_coop.heartbeat(?)", batch);
    s.run("select pgq_coop.heartbeat(?)", batch);

    assertThat(take(s, q, "m1")).isEqualTo(batch);
    assertThat(s.text("select consumer_name from pgq.get_batch_info(?)", batch)).isEqualTo("c.m1");
    assertThat(s.events(batch)).containsExactly("x");
    assertThat(s.finish(batch)).isEqualTo(1);
    assertThat(s.finish(batch)).isZero();
    assertThat(s.number("select pgq_coop.heartbeat(?)", batch)).isZero();
    assertThat(s.events(take(s, q, "m1"))).containsExactly("y");
  }

  @Test
  @Plant(in = "finish_batch(bigint)", replace = "exit when .*?;", by = "exit;")
  void finishThatMeetsAHeartbeatStillFinishes() throws SQLException {
    Session member = sessions.open();
    Session beater = sessions.open();
    String q = group(sessions, "m1");
    tickEach(member, q, "x");
    long batch = take(member, q, "m1");
    beater.begin();
    beater.run("select pgq_coop.heartbeat(?)", batch);
    Running finish = member.start("select pgq.finish_batch(?)", batch).awaitBlocked();
    beater.commit();

    assertThat(finish.result()).isEqualTo("1");
    assertThat(next(member, q, "m1")).isEmpty();
  }

  @Test
  void heartbeatThatMeetsAFinishIsTooLate() throws SQLException {
    Session member = sessions.open();
    Session beater = sessions.open();
    String q = group(sessions, "m1");
    tickEach(member, q, "x");
    long batch = take(member, q, "m1");
    member.begin();
    member.finish(batch);
    Running beat = beater.start("select pgq_coop.heartbeat(?)", batch).awaitBlocked();
    member.commit();

    assertThat(beat.result()).isEqualTo("0");
    assertThat(next(member, q, "m1")).isEmpty();
  }

  @Test
  void ofSeveralThatTakeOverAtOnceOneGetsIt() throws SQLException {
    Session s = sessions.open();
    String[] members = IntStream.range(0, 8).mapToObj(i -> "m" + i).toArray(String[]::new);
    String q = group(sessions, members);
    tickEach(s, q, "x");
    long lost = take(s, q, "m0");
    List<Running> running = new ArrayList<>();
    for (int i = 1; i < members.length; i++) {
      running.add(
          sessions
              .open()
              .start("select pgq_coop.next_batch(?, 'c', ?, '0 seconds')", q, members[i]));
    }
    List<String> taken = new ArrayList<>();
    for (Running one : running) {
      if (!one.result().isEmpty()) {
        taken.add(one.result());
      }
    }

    // With no time to be silent in, they may have taken it from each other; one of them holds it.
    assertThat(taken).isNotEmpty().doesNotHaveDuplicates();
    assertThat(s.finish(lost)).isZero();
    long finished = 0;
    for (String batch : taken) {
      finished += s.finish(Long.parseLong(batch));
    }
    assertThat(finished).isEqualTo(1);
  }

  @Test
  @Plant(
      in = "pgq_coop.close_position(pgq.position,bigint)",
      replace = "SET lock_timeout TO '200ms'",
      by = "")
  void nobodyWaitsForAHolderThatDoesNotCommitItsFinish() throws SQLException {
    Session holder = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "x");
    long batch = take(holder, q, "m1");
    holder.begin();
    holder.finish(batch);
    s.run("set statement_timeout = '5s'");

    Running taking = s.start("select pgq_coop.next_batch(?, 'c', 'm2', '0 seconds')", q);
    assertThat(taking.result()).isEmpty();
    holder.rollback();
    assertThat(s.events(takeOver(s, q, "m2"))).containsExactly("x");
    assertThat(holder.finish(batch)).isZero();
  }
}
