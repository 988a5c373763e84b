package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A batch is read, finished and retried by who opened it, or by an admin. */
class OwnershipIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private static String team = "";
  private static String holder = "";
  private static String other = "";
  private static String admin = "";

  private Session superuser;
  private String q;

  @BeforeAll
  static void createUsers() throws SQLException {
    team = database.createUser("in role pgq_reader");
    holder = database.createUser("in role pgq_reader, " + team);
    other = database.createUser("in role pgq_reader");
    admin = database.createUser("in role pgq_admin");
  }

  @BeforeEach
  void queueWithAnEvent() throws SQLException {
    superuser = sessions.open();
    q = sessions.queue("c");
    superuser.insert(q, "x");
    superuser.tick(q);
  }

  @Test
  @Plant(in = "batch(bigint)", replace = "elsif not pgq.may_hold\\(v_role\\)", by = "elsif false")
  void otherRoleCannotReadRetryOrGiveUp() throws SQLException {
    long batch = sessions.openAs(holder).openBatch(q, "c");
    String event = superuser.text("select ev_id from pgq.get_batch_events(?)", batch);
    Session stranger = sessions.openAs(other);
    for (String call :
        List.of(
            "select * from pgq.get_batch_events($b)",
            "select * from pgq.get_batch_info($b)",
            "select pgq.batch_event_sql($b)",
            "select * from pgq.batch_event_tables($b)",
            "select pgq.event_retry($b, $e, 0)",
            "select pgq.event_retry($b, array[$e], array['0s'::interval])",
            "select pgq.event_dead($b, array[$e], array['r'])",
            "select pgq.event_failed($b, array[$e], array['r'])",
            "select pgq.batch_retry($b, 0)",
            "select pgq_coop.heartbeat($b)")) {
      stranger.fails("42501", call.replace("$b", String.valueOf(batch)).replace("$e", event));
    }
    stranger.begin();
    stranger.fails("42501", "select * from pgq.get_batch_cursor(?, 'x', 1)", batch);
  }

  @Test
  @Plant(in = "finish_batch(bigint)", replace = " and pgq.may_hold\\(p.pos_role\\)", by = "")
  void otherRoleCannotFinish() throws SQLException {
    Session consumer = sessions.openAs(holder);
    long batch = consumer.openBatch(q, "c");

    sessions.openAs(other).fails("42501", "select pgq.finish_batch(?)", batch);
    assertThat(consumer.events(batch)).containsExactly("x");
    assertThat(consumer.finish(batch)).isEqualTo(1);
  }

  @Test
  void sameRoleInAnotherSessionHoldsTheBatchToo() throws SQLException {
    long batch = sessions.openAs(holder).openBatch(q, "c");
    Session second = sessions.openAs(holder);

    assertThat(second.openBatch(q, "c")).isEqualTo(batch);
    assertThat(second.finish(batch)).isEqualTo(1);
  }

  @Test
  void adminAndSuperuserHoldEveryBatch() throws SQLException {
    long batch = sessions.openAs(holder).openBatch(q, "c");
    Session operator = sessions.openAs(admin);

    assertThat(superuser.events(batch)).containsExactly("x");
    assertThat(operator.openBatch(q, "c")).isEqualTo(batch);
    assertThat(operator.finish(batch)).isEqualTo(1);
  }

  @Test
  void memberHoldsTheBatchOfItsGroupAndNotTheGroupThatOfItsMember() throws SQLException {
    long ofTeam = sessions.openAs(team).openBatch(q, "c");
    Session member = sessions.openAs(holder);
    assertThat(member.finish(ofTeam)).isEqualTo(1);
    superuser.insert(q, "y");
    superuser.tick(q);
    long ofMember = member.openBatch(q, "c");

    sessions.openAs(team).fails("42501", "select pgq.finish_batch(?)", ofMember);
  }

  /** A pooler logs in as one user and sets the role. */
  @Test
  @Plant(
      in = "caller()",
      replace = "when 'none' then session_user else .*? end",
      by = "when '' then '' else session_user end")
  void roleThatIsSetIsTheCaller() throws SQLException {
    Session pooled = sessions.openAs(holder);
    pooled.run("set role " + team);
    long batch = pooled.openBatch(q, "c");
    pooled.run("reset role");
    superuser.run("set role " + other);

    superuser.fails("42501", "select pgq.finish_batch(?)", batch);
    assertThat(sessions.openAs(team).finish(batch)).isEqualTo(1);
  }

  @Test
  void roleOfTheSessionIsTheCallerOfAWrapper() throws SQLException {
    superuser.run(
        """
        create function take(text) returns bigint language sql security definer
          as 'select pgq.next_batch($1, ''c'')'""");
    long batch = sessions.openAs(holder).number("select take(?)", q);

    sessions.openAs(other).fails("42501", "select pgq.finish_batch(?)", batch);
    assertThat(sessions.openAs(holder).finish(batch)).isEqualTo(1);
  }

  @Test
  @Plant(
      in = "next_batch_custom(text, text, interval, integer, interval)",
      replace = " and pgq.may_hold\\(v_position.pos_role\\)",
      by = "")
  void otherRoleTakesOverAndTheOldHolderIsOut() throws SQLException {
    Session old = sessions.openAs(holder);
    long batch = old.openBatch(q, "c");
    Session next = sessions.openAs(other);
    long taken = next.openBatch(q, "c");

    assertThat(taken).isNotEqualTo(batch);
    assertThat(next.events(taken)).containsExactly("x");
    old.fails("PQ003", "select * from pgq.get_batch_events(?)", batch);
    old.fails("PQ003", "select pgq.batch_retry(?, 0)", batch);
    assertThat(old.finish(batch)).isZero();
    assertThat(next.finish(taken)).isEqualTo(1);
    assertThat(next.drain(q, "c")).isEmpty();
  }

  @Test
  void takeoverWaitsForWhoIsFinishing() throws SQLException {
    Session old = sessions.openAs(holder);
    long batch = old.openBatch(q, "c");
    old.begin().finish(batch);
    Running takeover =
        sessions.openAs(other).start("select pgq.next_batch(?, 'c')", q).awaitBlocked();
    old.commit();

    assertThat(takeover.result()).isEmpty();
  }

  @Test
  void batchOfADroppedRoleIsTakenOver() throws SQLException {
    superuser.run("create role gone in role pgq_reader");
    superuser.run("set role gone");
    long batch = superuser.openBatch(q, "c");
    superuser.run("reset role");
    superuser.run("drop role gone");
    Session next = sessions.openAs(other);

    next.fails("42501", "select pgq.finish_batch(?)", batch);
    assertThat(superuser.events(batch)).containsExactly("x");
    assertThat(next.drain(q, "c")).containsExactly("x");
  }

  @Test
  void membersOfACooperativeConsumerHoldTheirOwn() throws SQLException {
    Session one = sessions.openAs(holder);
    String coop = sessions.queue();
    one.run("select pgq_coop.register_subconsumer(?, 'main', 's')", coop);
    superuser.insert(coop, "x");
    superuser.tick(coop);
    long batch = one.number("select pgq_coop.next_batch(?, 'main', 's')", coop);
    Session stranger = sessions.openAs(other);

    stranger.fails("42501", "select pgq_coop.finish_batch(?)", batch);
    assertThat(sessions.openAs(admin).number("select pgq_coop.heartbeat(?)", batch)).isEqualTo(1);
    assertThat(one.number("select pgq_coop.finish_batch(?)", batch)).isEqualTo(1);
  }

  @Test
  void compactionKeepsTheHolder() throws SQLException {
    Session consumer = sessions.openAs(holder);
    long batch = consumer.openBatch(q, "c");
    for (int i = 0; i < 200; i++) {
      superuser.run("select pgq.register_consumer(?, 'c' || ?)", q, i);
      superuser.run("select pgq.unregister_consumer(?, 'c' || ?)", q, i);
    }
    superuser.run("select pgq.maint_compact()");

    sessions.openAs(other).fails("42501", "select pgq.finish_batch(?)", batch);
    assertThat(consumer.finish(batch)).isEqualTo(1);
  }

  @Test
  void roleWithAnOddNameHoldsItsBatch() throws SQLException {
    superuser.run("create role \"Odd \"\"role\" in role pgq_reader");
    Session consumer = sessions.open();
    consumer.run("set role \"Odd \"\"role\"");
    long batch = consumer.openBatch(q, "c");

    assertThat(consumer.events(batch)).containsExactly("x");
    assertThat(consumer.finish(batch)).isEqualTo(1);
    consumer.run("reset role");
    superuser.run("drop role \"Odd \"\"role\"");
  }
}
