package io.pgq4j.sql;

import static io.pgq4j.sql.Members.coopFinish;
import static io.pgq4j.sql.Members.group;
import static io.pgq4j.sql.Members.join;
import static io.pgq4j.sql.Members.next;
import static io.pgq4j.sql.Members.take;
import static io.pgq4j.sql.Members.takeOver;
import static io.pgq4j.sql.Members.tickEach;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members share the batches of a consumer: each goes to one of them. */
class CoopIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(
      in = "pgq_coop.hand_out(integer,integer,integer,interval,integer,interval)",
      replace = "i_main, v_main.pos_seq \\+ 1, v_tick",
      by = "i_main, v_main.pos_seq + 1, v_main.last_tick")
  void eachBatchIsHandedToOneMember() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    sessions.open().run("select pgq.register_consumer(?, 'other')", q);
    tickEach(s, q, "1", "2", "3");

    long first = take(s, q, "m1");
    long second = take(s, q, "m2");
    assertThat(take(s, q, "m1")).as("the open batch again").isEqualTo(first);
    assertThat(s.events(first)).containsExactly("1");
    assertThat(s.events(second)).containsExactly("2");
    assertThat(coopFinish(s, second)).isEqualTo(1);
    assertThat(s.finish(first)).isEqualTo(1);
    assertThat(s.events(take(s, q, "m2"))).containsExactly("3");
    assertThat(next(s, q, "m1")).isEmpty();
    assertThat(s.drain(q, "other")).containsExactly("1", "2", "3");
  }

  @Test
  void memberIsServedByItsNameInPgqToo() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "1", "2");

    assertThat(s.drain(q, "c.m1")).containsExactly("1", "2");
    assertThat(next(s, q, "m2")).isEmpty();
  }

  @Test
  void largerBatchesSpanSeveralTicks() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "1", "2", "3");
    String custom = "select * from pgq_coop.next_batch_custom(?, 'c', ?, null, 2, null)";
    long start = s.number("select last_tick from pgq.get_consumer_info(?, 'c')", q);

    String row = s.text(custom, q, "m1");
    assertThat(row).contains("|" + (start + 2) + "|" + start + "|").endsWith("|2|0");
    assertThat(s.text(custom, q, "m2")).isEqualTo("||||||");
    assertThat(s.events(take(s, q, "m2"))).containsExactly("3");
  }

  // Contention.

  @Test
  @Plant(in = "pgq_coop.lock_group(integer)", replace = "SET lock_timeout TO '200ms'", by = "")
  void memberThatDoesNotCommitHoldsNobodyUp() throws SQLException {
    Session open = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "1", "2");
    open.begin();
    take(open, q, "m1");
    s.run("set statement_timeout = '5s'");

    Running waiting = s.start("select pgq_coop.next_batch(?, 'c', 'm2')", q);
    assertThat(waiting.result()).as("none now").isEmpty();
    open.rollback();
    long batch = take(s, q, "m2");
    assertThat(s.events(batch)).as("what the rollback left").containsExactly("1");
    assertThat(s.events(take(open, q, "m1"))).containsExactly("2");
  }

  @Test
  void memberThatWaitedBrieflyGetsTheNextBatch() throws SQLException {
    Session first = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    tickEach(s, q, "1", "2");
    first.begin();
    take(first, q, "m1");
    Running waiting = s.start("select pgq_coop.next_batch(?, 'c', 'm2')", q);
    first.commit();

    String batch = waiting.result();
    long second = batch.isEmpty() ? take(s, q, "m2") : Long.parseLong(batch);
    assertThat(s.events(second)).containsExactly("2");
  }

  @Test
  void twoSessionsOfOneMemberHaveOneBatch() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = group(sessions, "m1");
    tickEach(a, q, "1", "2");
    a.begin();
    long batch = take(a, q, "m1");
    Running second = b.start("select pgq_coop.next_batch(?, 'c', 'm1')", q);
    assertThat(second.result()).isEmpty();
    a.commit();

    assertThat(take(b, q, "m1")).isEqualTo(batch);
    assertThat(a.finish(batch)).isEqualTo(1);
    assertThat(b.finish(batch)).isZero();
    assertThat(b.events(take(b, q, "m1"))).containsExactly("2");
  }

  // Space.

  @Test
  @Plant(
      in = "watermark(integer)",
      replace = "r.sub_queue = i_queue_id",
      by = "r.sub_queue = i_queue_id and r.sub_main is null")
  void rotationKeepsWhatAnOpenBatchOfAMemberNeeds() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2", "idle");
    tickEach(s, q, "needed");
    long batch = take(s, q, "m1");
    for (int i = 0; i < 4; i++) {
      s.rotate(q);
      tickEach(s, q, "more");
      s.finish(take(s, q, "m2"));
    }

    assertThat(s.events(batch)).containsExactly("needed");
    assertThat(s.finish(batch)).isEqualTo(1);
    assertThat(s.rotate(q)).isTrue();
  }

  @Test
  @Plant(
      in = "compact_positions()",
      replace = "from pgq.registration r\\)",
      by = "from pgq.registration r where r.sub_main is null)")
  @Plant(
      in = "watermark(integer)",
      replace = "r.sub_queue = i_queue_id",
      by = "r.sub_queue = i_queue_id and r.sub_main is null")
  void compactionKeepsOpenBatchesOfMembers() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2", "idle");
    tickEach(s, q, "x", "y");
    long batch = take(s, q, "m1");
    s.run("select pgq_coop.heartbeat(?)", batch);
    s.finish(take(s, q, "m2"));
    CompactionIT.grow(s);
    assertThat(s.number("select pgq.maint_compact()")).isEqualTo(2);

    assertThat(take(s, q, "m1")).isEqualTo(batch);
    assertThat(s.events(batch)).containsExactly("x");
    assertThat(s.finish(batch)).isEqualTo(1);
    tickEach(s, q, "z");
    assertThat(s.events(take(s, q, "idle"))).containsExactly("z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pgq_coop.next_batch('%1$s', 'c', 'm1')",
        "select pgq_coop.next_batch('%1$s', 'c', 'm1', '1 hour')",
        "select pgq_coop.next_batch('%1$s', 'c', 'idle')",
        "select pgq_coop.next_batch('%1$s', 'c', 'idle', '0')",
        "select pgq_coop.heartbeat(%2$s)",
        "select pgq_coop.finish_batch(%2$s)",
        "select pgq_coop.unregister_subconsumer('%1$s', 'c', 'idle', 0)",
        "select * from pgq.get_batch_events(%2$s)",
      })
  void snapshotOlderThanACompactionIsRefused(String statement) throws SQLException {
    Session stale = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "idle");
    tickEach(s, q, "x");
    long batch = take(s, q, "m1");
    stale.beginWithSnapshot("repeatable read");
    CompactionIT.grow(s);
    assertThat(s.number("select pgq.maint_compact()")).isEqualTo(2);

    stale.fails("40001", statement.formatted(q, batch));
  }

  @Test
  void snapshotThatIsBehindTheOthersGetsASerializationFailure() throws SQLException {
    Session stale = sessions.open();
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2", "m3");
    tickEach(s, q, "1", "2");
    stale.beginWithSnapshot("repeatable read");
    long batch = take(s, q, "m1");
    stale.fails("40001", "select pgq_coop.next_batch(?, 'c', 'm2')", q);
    stale.rollback();

    stale.beginWithSnapshot("repeatable read");
    s.run("select pgq_coop.heartbeat(?)", batch);
    stale.fails("40001", "select pgq_coop.next_batch(?, 'c', 'm2', '0')", q);
    stale.rollback();

    stale.beginWithSnapshot("repeatable read");
    takeOver(s, q, "m3");
    stale.fails("40001", "select pgq.finish_batch(?)", batch);
  }

  @Test
  void nothingIsUpdatedOrDeleted() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    s.begin();
    for (int i = 0; i < 20; i++) {
      tickEach(s, q, "x");
      long batch = take(s, q, "m1");
      s.run("select pgq_coop.heartbeat(?)", batch);
      s.finish(takeOver(s, q, "m2"));
    }
    assertThat(
            s.number(
                "select coalesce(sum(n_tup_upd + n_tup_del), 0) from pg_stat_xact_user_tables"
                    + " where schemaname = 'pgq'"))
        .isZero();
    s.commit();
  }

  // Retries and dead letters.

  @Test
  void retriedEventComesBackToAnyMember() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2");
    s.run("select pgq.register_consumer(?, 'other')", q);
    long event = s.insert(q, "x");
    s.tick(q);
    long batch = take(s, q, "m1");
    s.run("select pgq.event_retry(?, ?, 0)", batch, event);
    s.finish(batch);
    s.run("select pgq.maint_retry_events()");
    s.tick(q);

    long again = take(s, q, "m2");
    assertThat(s.events(again)).containsExactly("x");
    s.run("select pgq.event_dead(?, array[?], array['no use'])", again, event);
    s.finish(again);
    assertThat(
            s.text(
                "select co_name, dl_attempts from pgq.dead_letter join pgq.consumer"
                    + " on co_id = dl_consumer where ev_id = ? and dl_queue ="
                    + " (select queue_id from pgq.queue where queue_name = ?)",
                event,
                q))
        .isEqualTo("c|2");
    assertThat(s.drain(q, "other")).containsExactly("x");
  }

  // The consumer itself.

  @Test
  void consumerWithMembersOpensNoBatchItself() throws SQLException {
    Session s = sessions.open();
    String q = group(sessions, "m1");
    tickEach(s, q, "x");

    s.fails("PQ008", "select pgq.next_batch(?, 'c')", q);
    assertThat(s.events(take(s, q, "m1"))).containsExactly("x");
  }

  @Test
  void batchThatTheConsumerHadOpenIsFinishedByItOrTakenOver() throws SQLException {
    Session plain = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    tickEach(s, q, "1", "2", "3");
    long first = plain.openBatch(q, "c");
    join(s, q, "m1");

    assertThat(next(s, q, "m1")).as("until it is finished").isEmpty();
    assertThat(plain.openBatch(q, "c")).isEqualTo(first);
    assertThat(plain.finish(first)).isEqualTo(1);
    assertThat(s.events(take(s, q, "m1"))).containsExactly("2");
    s.run("select pgq_coop.unregister_subconsumer(?, 'c', 'm1', 1)", q);

    long third = plain.openBatch(q, "c");
    join(s, q, "m2");
    long taken = takeOver(s, q, "m2");
    assertThat(s.events(taken)).containsExactly("3");
    assertThat(plain.finish(third)).isZero();
    assertThat(s.finish(taken)).isEqualTo(1);
    assertThat(next(s, q, "m2")).isEmpty();
  }

  /** Members as procedures: each finishes what it gets, unless it dies; others take that over. */
  private static final String WORK =
      """
      do $$
      declare
        v_batch bigint;
        v_ended boolean;
      begin
        loop
          v_ended := exists (select from ended);
          v_batch := pgq_coop.next_batch('%1$s', 'c', '%2$s', '5 milliseconds');
          commit;
          exit when v_ended and v_batch is null;
          if v_batch is not null and random() > 0.2 then
            begin
              insert into done select ev_data::int from pgq.get_batch_events(v_batch);
              if pgq.finish_batch(v_batch) = 0 then
                raise 'taken over';
              end if;
            exception
              when others then
                if sqlerrm <> 'taken over' and sqlstate <> 'PQ003' then
                  raise;
                end if;
            end;
            commit;
          end if;
        end loop;
      end $$""";

  @Test
  @Plant(
      in = "watermark(integer)",
      replace = "r.sub_queue = i_queue_id",
      by = "r.sub_queue = i_queue_id and r.sub_main is null")
  void eachEventIsFinishedOnceWhileMembersDieAndEventsRotate() throws SQLException {
    int events = 1000;
    Session s = sessions.open();
    String q = group(sessions, "m1", "m2", "m3", "m4");
    s.run("drop table if exists done, ended");
    s.run("create table done (ev_data int)");
    s.run("create table ended ()");
    List<Running> running = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      running.add(sessions.open().start(WORK.formatted(q, "m" + i)));
    }
    running.add(
        sessions
            .open()
            .start(
                """
                do $$ begin
                  for i in 1 .. %s loop
                    perform pgq.insert_event('%2$s', 't', i::text);
                    commit;
                    perform pgq.ticker('%2$s');
                    commit;
                  end loop;
                  insert into ended default values;
                end $$"""
                    .formatted(events, q)));
    while (!running.stream().allMatch(Running::isDone)) {
      s.rotate(q);
      s.run("select pgq.maint_compact()");
    }
    for (Running one : running) {
      one.result();
    }

    assertThat(s.text("select count(*), count(distinct ev_data) from done"))
        .isEqualTo(events + "|" + events);
  }
}
