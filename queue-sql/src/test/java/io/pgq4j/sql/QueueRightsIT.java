package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a role may do that has rights on one queue only. */
class QueueRightsIT {

  // each test has its own: the first grant of a database is an event
  @Order(1)
  @RegisterExtension
  final TestDatabase database = TestDatabase.create();

  @Order(2)
  @RegisterExtension
  final Sessions sessions = new Sessions(database);

  private Session superuser;
  private String mine;
  private String others;
  private String user;

  @BeforeEach
  void twoQueues() throws SQLException {
    superuser = sessions.open();
    mine = sessions.queue("c");
    others = sessions.queue("c");
    user = database.createUser("");
  }

  @Test
  @Plant(
      in = "insert_event(text, text, text, text, text, text, text)",
      replace = "not q.queue_guarded or pgq.check_producer\\(q.queue_id\\)",
      by = "true")
  @Plant(
      in = "insert_events(text, text[], text[], text[], text[], text[], text[])",
      replace = "if v_queue.queue_guarded",
      by = "if false")
  @Plant(
      in = "insert_event_at(text, text, text, text, text, text, text, timestamp with time zone)",
      replace = "if v_queue.queue_guarded",
      by = "if false")
  void producerOfAQueueInsertsThereAndNowhereElse() throws Exception {
    grant("produce");
    String later = sessions.queue("c");
    Session producer = sessions.openAs(user);
    producer.insert(mine, "x");
    producer.run("select pgq.insert_events(?, 't', array['y'])", mine);
    producer.run("select pgq.insert_event_at(?, 't', 'z', now() + interval '1 hour')", mine);
    producer.copy(leaf(mine) + " (ev_type, ev_data)", "t\tcopied\n");
    for (String queue : List.of(others, later)) {
      producer.fails("42501", "select pgq.insert_event(?, 't', 'd')", queue);
      producer.fails("42501", "select pgq.insert_event(?, 't', 'd', '', '', '', '')", queue);
      producer.fails("42501", "select pgq.insert_events(?, 't', array['d'])", queue);
      producer.fails(
          "42501", "select pgq.insert_event_at(?, 't', 'd', now() + interval '1 hour')", queue);
      producer.fails("42501", "select pgq.insert_event_at(?, 't', 'd', now())", queue);
      producer.fails("42501", "select pgq.insert_event_once(?, 'k', 't', 'd', '1 h')", queue);
      Session.failsWith("42501", () -> producer.copy(leaf(queue) + " (ev_data)", "d\n"));
      producer.fails("42501", "insert into " + leaf(queue) + " (ev_data) values ('d')");
    }

    superuser.tick(mine);
    assertThat(superuser.drain(mine, "c")).containsExactly("x", "y", "copied");
  }

  @Test
  void producerReadsNothingAndWatchesNothing() throws SQLException {
    superuser.run("grant create on schema public to public");
    grant("produce");
    Session producer = sessions.openAs(user);
    producer.run("create table own (id int)");

    producer.fails("42501", "select * from " + queueTable(mine));
    producer.fails("42501", "select pgq.next_batch(?, 'c')", mine);
    producer.fails("42501", "select pgq.watch_table('own', ?)", mine);
    producer.fails(
        "42501",
        "create trigger t after insert on own for each statement execute function"
            + " pgq.capture('"
            + others
            + "', '{}', '', '', '', '{}')");
  }

  /** Unlike watches: PgQ's triggers run with the rights of who writes to the table. */
  @Test
  void rowTriggersAppendWhatTheProducerMay() throws SQLException {
    grant("produce");
    Session producer = sessions.openAs(user);
    for (String trigger : List.of("jsontriga", "logutriga", "sqltriga")) {
      for (String queue : List.of(mine, others)) {
        String table = "public." + trigger + (queue.equals(mine) ? "_mine" : "_others");
        superuser.run("create table " + table + " (id int primary key, a json, \"%\" text)");
        superuser.run(
            ("create trigger t after insert or update or delete on %s for each row execute"
                    + " function pgq.%s('%s', 'ev_extra2=id + 1', 'ignore=%%')")
                .formatted(table, trigger, queue));
        superuser.run("grant insert, update, delete, select on " + table + " to public");
      }
      producer.run("insert into " + trigger + "_mine values (1, '{}', 'a b')");
      producer.run("update " + trigger + "_mine set a = '{ }'");
      producer.run("delete from " + trigger + "_mine");
      producer.fails("42501", "insert into " + trigger + "_others values (1, '{}', 'a b')");
    }

    superuser.tick(mine);
    assertThat(superuser.drain(mine, "c")).hasSize(9);
  }

  @Test
  void writersOfAllQueuesAndTheirWatchesGoOn() throws SQLException {
    superuser.run("grant create on schema public to public");
    Session writer = sessions.openAs(database.createUser("in role pgq_writer"));
    Session nobody = sessions.openAs(database.createUser(""));
    writer.run("create table watched (id int)");
    writer.run("grant insert on watched to public");
    writer.run("select pgq.watch_table('watched', ?)", others);
    grant("produce");
    writer.insert(others, "x");
    nobody.run("insert into watched values (1)");
    superuser.tick(others);

    assertThat(superuser.drain(others, "c")).containsExactly("x", "{\"id\":1}");
  }

  @Test
  @Plant(
      in = "next_batch_custom(text, text, interval, integer, interval)",
      replace = "elsif v_guarded",
      by = "elsif false")
  @Plant(in = "lock_queue(text, text)", replace = "elsif v_queue.queue_guarded", by = "elsif false")
  void consumerOfAQueueConsumesThereAndNowhereElse() throws SQLException {
    grant("consume");
    Session consumer = sessions.openAs(user);
    for (String queue : List.of(mine, others)) {
      superuser.insert(queue, "x");
      superuser.tick(queue);
    }
    long ofAnother = superuser.openBatch(others, "c");

    assertThat(consumer.drain(mine, "c")).containsExactly("x");
    consumer.run("select pgq.register_consumer(?, 'new')", mine);
    consumer.run("select pgq.unregister_consumer(?, 'new')", mine);
    consumer.run("select pgq_coop.register_subconsumer(?, 'coop', 's')", mine);
    consumer.run("select pgq_coop.next_batch(?, 'coop', 's', '0')", mine);
    for (String call :
        List.of(
            "select pgq.register_consumer('$q', 'new')",
            "select pgq.unregister_consumer('$q', 'c')",
            "select pgq.next_batch('$q', 'c')",
            "select pgq.force_tick('$q')",
            "select pgq_coop.register_subconsumer('$q', 'c', 's')",
            "select * from pgq.get_batch_events($b)",
            "select pgq.batch_event_sql($b)",
            "select pgq.finish_batch($b)",
            "select pgq.batch_retry($b, 0)",
            "select * from pgq.get_dead_letters('$q', 'c')",
            "select pgq.dead_requeue('$q', 'c')",
            "select * from pgq.get_held_events('$q', 'c', 1)",
            "select pgq.held_release('$q', 'c')",
            "select pgq.set_consumer_state('$q', 'c', 'h', 1, now(), 's', null)",
            "select * from $t",
            "select * from $t_0",
            "select * from pgq.event",
            "select * from pgq.retry_queue",
            "select * from pgq.dead_letter",
            "select pgq.insert_event('$q', 't', 'd')",
            "insert into $t_0 (ev_data) values ('d')")) {
      consumer.fails(
          "42501",
          call.replace("$q", others)
              .replace("$b", String.valueOf(ofAnother))
              .replace("$t", queueTable(others)));
    }
    consumer.fails("42501", "select pgq.insert_event(?, 't', 'd')", mine);
    assertThat(superuser.finish(ofAnother)).isEqualTo(1);
  }

  @Test
  void membersOfTheRoleHaveItsRightsAndOnlyThose() throws SQLException {
    grant("produce");
    Session member = sessions.openAs(database.createUser("in role " + user));

    member.insert(mine, "x");
    member.fails("42501", "select pgq.insert_event(?, 't', 'd')", others);
  }

  /** Who has the right may not lend it to who has not, nor need who has it fear a wrapper. */
  @Test
  void wrapperGivesNobodyARight() throws SQLException {
    superuser.run("grant create on schema public to public");
    grant("produce");
    Session producer = sessions.openAs(user);
    producer.run(
        """
        create function lend(text) returns bigint language sql security definer
          as 'select pgq.insert_event($1, ''t'', ''d'')'""");
    Session nobody = sessions.openAs(database.createUser(""));
    Session writer = sessions.openAs(database.createUser("in role pgq_writer"));

    nobody.fails("42501", "select lend(?)", mine);
    nobody.fails("42501", "select lend(?)", others);
    writer.run("select lend(?)", others);
    producer.fails("42501", "select lend(?)", others);
  }

  @Test
  @Plant(
      in = "finish_batch(bigint)",
      replace = "then pgq.check_consumer\\(p.sub_queue\\)",
      by = "then true")
  @Plant(
      in = "heartbeat(bigint)",
      replace = "then pgq.check_consumer\\(p.sub_queue\\)",
      by = "then true")
  void revokedRightIsGoneAtOnceAlsoInAnOpenBatch() throws SQLException {
    grant("produce");
    grant("consume");
    Session session = sessions.openAs(user);
    session.insert(mine, "x");
    superuser.tick(mine);
    long batch = session.openBatch(mine, "c");
    superuser.run("select pgq.revoke_queue(?, ?, 'produce')", mine, user);
    superuser.run("select pgq.revoke_queue(?, ?, 'consume')", mine, user);

    session.fails("42501", "select pgq.insert_event(?, 't', 'd')", mine);
    session.fails("42501", "insert into " + leaf(mine) + " (ev_data) values ('d')");
    session.fails("42501", "select * from pgq.get_batch_events(?)", batch);
    session.fails("42501", "select pgq.batch_retry(?, 0)", batch);
    session.fails("42501", "select pgq.next_batch(?, 'c')", mine);
    session.fails("42501", "select pgq.finish_batch(?)", batch);
    session.fails("42501", "select pgq_coop.heartbeat(?)", batch);
    assertThat(superuser.drain(mine, "c")).containsExactly("x");
  }

  @Test
  void grantSurvivesRotationAndGrantingRolesAnew() throws Exception {
    grant("produce");
    grant("consume");
    Session session = sessions.openAs(user);
    superuser.run("select pgq.grant_roles()");
    for (int i = 0; i < 4; i++) {
      session.copy(leaf(mine) + " (ev_type, ev_data)", "t\t" + i + "\n");
      session.insert(mine, "f" + i);
      superuser.tick(mine);
      assertThat(session.drain(mine, "c")).containsExactly(String.valueOf(i), "f" + i);
      superuser.rotate(mine);
    }
    session.fails("42501", "select pgq.insert_event(?, 't', 'd')", others);
  }

  @Test
  @Plant(
      in = "grant_queue(text, text, text)",
      replace = "alter table pgq.queue.*?using true;",
      by = "update pgq.queue set queue_guarded = true;")
  void snapshotOlderThanTheFirstGrantGivesNoRight() throws SQLException {
    Session early = sessions.openAs(user);
    early.beginWithSnapshot("repeatable read");
    grant("produce");

    early.fails("PQ001", "select pgq.insert_event(?, 't', 'd')", others);
    early.rollback();
    early.fails("42501", "select pgq.insert_event(?, 't', 'd')", others);
  }

  @Test
  void queueThatIsBeingCreatedBesideTheFirstGrantIsGuarded() throws SQLException {
    Session creator = sessions.open();
    creator.begin("repeatable read").run("select pgq.create_queue('late')");
    Running first =
        superuser.start("select pgq.grant_queue(?, ?, 'produce')", mine, user).awaitBlocked();
    creator.commit();
    first.result();

    sessions.openAs(user).fails("42501", "select pgq.insert_event('late', 't', 'd')");
  }

  @Test
  void firstGrantGivesUpSoonWhenAProducerDoesNotEnd() throws SQLException {
    Session producer = sessions.open();
    producer.begin().insert(others, "x");

    superuser.fails("55P03", "select pgq.grant_queue(?, ?, 'produce')", mine, user);
    producer.commit();
    grant("produce");
    producer.begin().insert(others, "y");
    superuser.run("select pgq.grant_queue(?, ?, 'consume')", mine, user);
  }

  @Test
  void whatCannotBeGrantedIsRefused() {
    superuser.fails("PQ001", "select pgq.grant_queue('nothing', ?, 'produce')", user);
    superuser.fails("PQ008", "select pgq.grant_queue(?, ?, 'watch')", mine, user);
    superuser.fails("PQ008", "select pgq.revoke_queue(?, ?, null)", mine, user);
    superuser.fails("42704", "select pgq.grant_queue(?, 'no such role', 'produce')", mine);
  }

  @Test
  void adminGrants() throws SQLException {
    Session admin = sessions.openAs(database.createUser("in role pgq_admin"));
    admin.run("select pgq.grant_queue(?, ?, 'produce')", mine, user);

    sessions.openAs(user).insert(mine, "x");
  }

  private void grant(String right) throws SQLException {
    superuser.run("select pgq.grant_queue(?, ?, ?)", mine, user, right);
  }

  private String leaf(String queue) throws SQLException {
    return superuser.text("select pgq.current_event_table(?)", queue);
  }

  private String queueTable(String queue) throws SQLException {
    return leaf(queue).replaceFirst("_\\d+$", "");
  }
}
