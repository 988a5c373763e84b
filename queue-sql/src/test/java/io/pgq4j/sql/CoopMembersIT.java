package io.pgq4j.sql;

import static io.pgq4j.sql.Members.group;
import static io.pgq4j.sql.Members.join;
import static io.pgq4j.sql.Members.next;
import static io.pgq4j.sql.Members.take;
import static io.pgq4j.sql.Members.tickEach;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members come and go, and their consumer is moved, without losing an event. */
class CoopMembersIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(
      in = "move_consumer(integer,bigint)",
      replace = "perform pgq_coop.drop_batches\\(i_sub_id\\);",
      by = "")
  void movingTheConsumerDropsTheBatchesOfItsMembers() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    long start = s.number("select last_tick from pgq.get_consumer_info(?, 'c')", q);
    tickEach(s, q, "1", "2");
    s.finish(take(s, q, "m1"));
    long open = take(s, q, "m2");
    s.run("select pgq.register_consumer_at(?, 'c', ?)", q, start);

    assertThat(s.finish(open)).isZero();
    assertThat(s.events(take(s, q, "m2"))).containsExactly("1");
    assertThat(s.events(take(s, q, "m1"))).containsExactly("2");
    s.fails("PQ008", "select pgq.register_consumer_at(?, 'c.m1', ?)", q, start);
  }

  // Registering.

  @Test
  void membersAreRegisteredOnceUnderNamesOfTheirOwn() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1");
    String register = "select pgq_coop.register_subconsumer(?, ?, ?)";

    assertThat(s.number(register, q, "c", "m1")).isZero();
    s.fails("PQ008", register, q, "c.m1", "x");
    s.run("select pgq.register_consumer(?, 'c.taken')", q);
    s.fails("PQ008", register, q, "c", "taken");
    s.run(register, q, "a", "b.c");
    s.fails("PQ008", register, q, "a.b", "c");
    s.fails("PQ008", register, q, "c", null);
    s.fails("PQ008", register, q, "c", "");
    s.fails("PQ008", register, q, null, "m");
    s.fails("PQ008", register, q, "c", "x".repeat(999));
    s.fails("PQ001", register, "no such queue", "c", "m");
    s.fails("PQ002", "select pgq_coop.next_batch(?, 'c', 'taken')", q);
    s.fails("PQ002", "select pgq_coop.next_batch(?, 'c', null)", q);
    s.fails("PQ002", "select pgq_coop.next_batch('no such queue', 'c', 'm1')");
  }

  @Test
  void memberThatIsUnregisteredLeavesNoEventBehind() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    String unregister = "select pgq_coop.unregister_subconsumer(?, 'c', ?, ?)";
    tickEach(s, q, "x");
    long batch = take(s, q, "m1");

    s.fails("PQ008", unregister, q, "m1", 0);
    s.fails("PQ008", unregister, q, "m1", 2);
    s.fails("PQ008", unregister, q, "m1", null);
    assertThat(s.number(unregister, q, "m1", 1)).isEqualTo(1);
    assertThat(s.number(unregister, q, "m1", 1)).isZero();
    assertThat(s.number(unregister, "no such queue", "m1", 0)).isZero();
    assertThat(s.finish(batch)).isZero();
    s.fails("PQ002", "select pgq_coop.next_batch(?, 'c', 'm1')", q);
    s.run("select pgq.maint_retry_events()");
    s.tick(q);
    assertThat(s.events(take(s, q, "m2"))).containsExactly("x");
  }

  @Test
  void unregisteringByTheNameInPgqLeavesNoEventBehindEither() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "x");
    take(s, q, "m1");

    assertThat(s.number("select pgq.unregister_consumer(?, 'c.m1')", q)).isEqualTo(1);
    s.run("select pgq.maint_retry_events()");
    s.tick(q);
    assertThat(s.events(take(s, q, "m2"))).containsExactly("x");
  }

  @Test
  void memberIsNotUnregisteredWhileABatchIsHandedToIt() throws SQLException {
    Session member = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "x");
    member.begin();
    take(member, q, "m1");

    s.fails("55P03", "select pgq_coop.unregister_subconsumer(?, 'c', 'm1', 0)", q);
    member.commit();
    s.fails("PQ008", "select pgq_coop.unregister_subconsumer(?, 'c', 'm1', 0)", q);
  }

  @Test
  @Plant(
      in = "pgq_coop.remove_member(pgq.registration,boolean)",
      replace = "pgq_coop.close_position\\(v_position, null\\)",
      by = "true")
  void memberWhoseSnapshotStillSeesItsRegistrationGetsNoBatch() throws SQLException {
    Session stale = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "x");
    stale.beginWithSnapshot("repeatable read");
    s.run("select pgq_coop.unregister_subconsumer(?, 'c', 'm1', 0)", q);

    stale.fails("40001", "select pgq_coop.next_batch(?, 'c', 'm1')", q);
    stale.rollback();
    assertThat(s.events(take(s, q, "m2"))).containsExactly("x");
  }

  @Test
  void unregisteringTheConsumerUnregistersItsMembers() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "x");
    long batch = take(s, q, "m1");

    assertThat(s.number("select pgq.unregister_consumer(?, 'c')", q)).isEqualTo(3);
    assertThat(s.finish(batch)).isZero();
    assertThat(s.number("select pgq_coop.heartbeat(?)", batch)).isZero();
    s.fails("PQ002", "select pgq_coop.next_batch(?, 'c', 'm2')", q);
    assertThat(s.rows("select * from pgq.get_consumer_info(?)", q)).isEmpty();
    join(s, q, "m1");
    assertThat(next(s, q, "m1")).isEmpty();
  }

  @Test
  void memberCannotBeRegisteredForAConsumerThatIsBeingUnregistered() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = group(sessions, "m1");
    a.begin();
    a.run("select pgq.unregister_consumer(?, 'c')", q);
    Running register =
        b.start("select pgq_coop.register_subconsumer(?, 'c', 'm2')", q).awaitBlocked();
    a.commit();

    register.result();
    assertThat(
            b.number(
                "select count(*) from pgq.registration r join pgq.queue on queue_id = sub_queue"
                    + " where queue_name = ? and sub_main is not null and not exists"
                    + " (select from pgq.registration m where m.sub_id = r.sub_main)",
                q))
        .isZero();
  }

  @Test
  void queueIsDroppedWithItsMembers() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1");
    tickEach(s, q, "x");
    long batch = take(s, q, "m1");
    s.fails("PQ008", "select pgq.drop_queue(?)", q);
    s.run("select pgq.drop_queue(?, true)", q);

    assertThat(s.finish(batch)).isZero();
    s.fails("PQ002", "select pgq_coop.next_batch(?, 'c', 'm1')", q);
  }

  @Test
  void membersAreShownAsInPgq() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "busy", "idle");
    tickEach(s, q, "x");
    long batch = take(s, q, "busy");
    long tick = s.number("select next_tick from pgq.get_consumer_info(?, 'c.busy')", q);

    assertThat(
            s.rows(
                "select consumer_name, last_tick, current_batch, next_tick, pending_events,"
                    + " last_seen is null from pgq.get_consumer_info(?)",
                q))
        .containsExactly(
            "c|" + tick + "|||0|f",
            "c.busy|" + (tick - 1) + "|" + batch + "|" + tick + "|1|f",
            "c.idle|||||f");
  }
}
