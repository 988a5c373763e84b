package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compaction takes old ticks and positions away, and nobody may be misled by it. */
class CompactionIT {

  private static final int TICKS = 1000;

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @BeforeEach
  void forgetOtherTests() throws SQLException {
    Session s = sessions.open();
    s.run("select pgq.drop_queue(queue_name, true) from pgq.queue");
    s.run("drop table if exists seen");
    s.run("truncate pgq.tick, pgq.position");
  }

  /** A consumer as a procedure: it notes each tick and commits after each step. */
  private static final String CONSUME =
      """
      do $$
      declare b record;
      begin
        loop
          select * into b from pgq.next_batch_info('%1$s', '%2$s');
          commit;
          if b.batch_id is not null then
            insert into seen values ('%2$s', b.prev_tick_id, b.cur_tick_id);
            if pgq.finish_batch(b.batch_id) <> 1 then
              raise 'batch %% was lost', b.batch_id;
            end if;
            commit;
            exit when b.cur_tick_id > %3$s;
          end if;
        end loop;
      end $$""";

  @Test
  @Plant(
      in = "compact_positions()",
      replace = "array\\(select pgq.current_position\\(r.sub_id\\) from pgq.registration r\\)",
      by = "array(select p from pgq.position p where pos_seq = 1)")
  @Plant(in = "compact_ticks()", replace = "w.tick_id\n", by = "w.tick_id + 1000000\n")
  void consumersMissNothingAndSeeNothingTwice() throws SQLException {
    Session s = sessions.open();
    String[] consumers = {"a", "b", "c"};
    String q = sessions.queue(consumers);
    s.run("create table seen (consumer text, prev_tick bigint, tick bigint)");
    List<Running> running = new ArrayList<>();
    for (String consumer : consumers) {
      running.add(sessions.open().start(CONSUME.formatted(q, consumer, TICKS)));
    }
    running.add(
        sessions
            .open()
            .start(
                """
                do $$ begin
                  for i in 1 .. %s loop
                    perform pgq.force_tick('%2$s');
                    perform pgq.ticker('%2$s');
                    commit;
                  end loop;
                end $$"""
                    .formatted(TICKS, q)));
    long compacted = 0;
    while (!running.stream().allMatch(Running::isDone)) {
      compacted += s.number("select pgq.maint_compact()");
    }
    for (Running one : running) {
      one.result();
    }

    assertThat(compacted).isGreaterThan(2);
    List<String> all =
        LongStream.rangeClosed(1, TICKS).mapToObj(tick -> tick + "|" + (tick + 1)).toList();
    for (String consumer : consumers) {
      assertThat(s.rows("select prev_tick, tick from seen where consumer = ? order by 2", consumer))
          .isEqualTo(all);
    }
    assertThat(s.number("select pg_relation_size('pgq.position')")).isLessThan(1_000_000);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pgq.next_batch('stale', 'c')",
        "select pgq.next_batch('stale', 'idle')",
        "select pgq.finish_batch(%s)",
        "select * from pgq.get_batch_events(%s)",
        "select * from pgq.get_batch_cursor(%s, 'c', 1)",
        "select * from pgq.get_batch_info(%s)",
        "select pgq.event_retry(%s, 1, 0)",
        "select pgq.batch_retry(%s, 0)",
        "select * from pgq.subscription",
        "select * from pgq.get_consumer_info()",
        "select * from pgq.get_queue_info()",
        "select pgq.register_consumer('stale', 'new')",
      })
  void snapshotOlderThanACompactionIsRefused(String statement) throws SQLException {
    Session stale = sessions.open();
    Session s = sessions.open();
    s.run("select pgq.create_queue('stale')");
    s.run("select pgq.register_consumer('stale', 'c'), pgq.register_consumer('stale', 'idle')");
    s.insert("stale", "x");
    s.tick("stale");
    s.finish(s.openBatch("stale", "idle"));
    long batch = s.openBatch("stale", "c");
    stale.beginWithSnapshot("repeatable read");
    grow(s);
    assertThat(s.number("select pgq.maint_compact()")).isEqualTo(2);

    stale.fails("40001", statement.formatted(batch));
    stale.rollback();
    stale.begin();
    assertThat(stale.finish(batch)).isEqualTo(1);
    stale.rollback();
  }

  @Test
  @Plant(
      in = "next_tick(integer,bigint,interval,integer,interval)",
      replace = "perform pgq.refuse_stale_snapshot.*?;",
      by = "")
  void consumerWithNothingToDoIsNotToldSoByASnapshotOlderThanTheTicks() throws SQLException {
    Session stale = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    stale.beginWithSnapshot("repeatable read");
    s.forceTick(q);
    growTicks(s);
    assertThat(s.number("select pgq.maint_compact()")).isEqualTo(1);

    stale.fails("40001", "select pgq.next_batch(?, 'c')", q);
  }

  @Test
  void unknownBatchStaysUnknownAfterACompaction() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.finish(batch);
    grow(s);
    s.run("select pgq.maint_compact()");

    assertThat(s.finish(batch)).isZero();
    s.fails("PQ003", "select pgq.get_batch_events(?)", batch);
    s.beginWithSnapshot("repeatable read");
    assertThat(s.finish(batch)).isZero();
    s.rollback();
  }

  @Test
  @Plant(in = "lock_briefly(regclass)", replace = "SET lock_timeout TO '20ms'", by = "")
  void openReaderOnlyDelaysCompaction() throws SQLException {
    Session reader = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    grow(s);
    reader.begin();
    reader.run("select * from pgq.get_consumer_info()");
    s.run("set statement_timeout = '5s'");

    assertThat(s.number("select pgq.maint_compact()")).isZero();
    s.insert(q, "x");
    s.tick(q);
    assertThat(s.drain(q, "c")).containsExactly("x");
    reader.commit();
    assertThat(s.number("select pgq.maint_compact()")).isEqualTo(2);
  }

  @Test
  void whoWaitsForACompactionGoesOnWithTheSamePosition() throws SQLException {
    Session consumer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x");
    s.tick(q);
    long batch = consumer.openBatch(q, "c");
    grow(s);
    s.begin();
    assertThat(s.number("select pgq.maint_compact()")).isEqualTo(2);
    Running events =
        consumer.start("select ev_data from pgq.get_batch_events(?)", batch).awaitBlocked();
    s.commit();

    assertThat(events.result()).isEqualTo("x");
    assertThat(consumer.finish(batch)).isEqualTo(1);
  }

  @Test
  @Plant(in = "compact_ticks()", replace = "w.tick_id\n", by = "pgq.watermark(q.queue_id)\n")
  void workUnderTheLockDoesNotGrowWithTheTicks() throws SQLException {
    Session s = sessions.open();
    sessions.queue("c");
    growTicks(s);
    s.run(
        "insert into pgq.tick select queue_id, tick_id + 1, tick_time, tick_snapshot, 1"
            + " from pgq.tick, pgq.queue where tick_queue = 0");
    s.begin().run("set local track_functions = 'all'");

    assertThat(s.number("select pgq.maint_compact()")).isPositive();
    assertThat(
            s.number(
                "select sum(calls) from pg_stat_xact_user_functions"
                    + " where funcname in ('watermark', 'current_position')"))
        .isLessThan(10);
    s.rollback();
  }

  @Test
  void nothingIsUpdatedOrDeletedAndSpaceComesBackWhileASnapshotIsHeld() throws SQLException {
    Session holder = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    holder.run("create table if not exists unrelated (id int)");
    holder.begin("repeatable read").run("insert into unrelated values (1)");
    String changed =
        "select coalesce(sum(n_tup_upd + n_tup_del), 0) from pg_stat_xact_user_tables"
            + " where schemaname = 'pgq' and relname not in ('queue', 'registration')";
    s.begin();
    for (int i = 0; i < 50; i++) {
      s.insert(q, "x");
      s.tick(q);
      s.drain(q, "c");
      s.run("select pgq.next_batch(?, 'c')", q);
    }
    assertThat(s.number(changed)).isZero();
    s.commit();
    for (int i = 0; i < 5; i++) {
      grow(s);
      s.run("select pgq.maint_compact()");
    }

    assertThat(
            s.number(
                "select greatest(pg_relation_size('pgq.tick'), pg_relation_size('pgq.position'))"))
        .isLessThan(100_000);
  }

  /** Makes both tables worth compacting, by ticks and positions of nobody. */
  static void grow(Session s) throws SQLException {
    growTicks(s);
    s.run(
        "insert into pgq.position (sub_id, pos_seq, last_tick)"
            + " select 0, coalesce((select max(pos_seq) from pgq.position where sub_id = 0), 0) + i, 1"
            + " from generate_series(1, 2000) i");
  }

  private static void growTicks(Session s) throws SQLException {
    s.run(
        "insert into pgq.tick (tick_queue, tick_id, tick_event_seq)"
            + " select 0, coalesce((select max(tick_id) from pgq.tick where tick_queue = 0), 0) + i, 1"
            + " from generate_series(1, 2000) i");
  }
}
