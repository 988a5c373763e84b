package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is in a batch, and who may open and finish it. */
class BatchIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  void allConsumersGetTheSameBatchesInTheSameOrder() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("a", "b");
    for (int i = 1; i <= 3; i++) {
      s.insert(q, "x" + i);
      s.insert(q, "y" + i);
      s.tick(q);
    }

    List<List<String>> batches = s.batches(q, "a");

    assertThat(batches)
        .containsExactly(List.of("x1", "y1"), List.of("x2", "y2"), List.of("x3", "y3"));
    assertThat(s.batches(q, "b")).isEqualTo(batches);
  }

  @Test
  void rolledBackEventReachesNobody() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.begin();
    s.insert(q, "before");
    s.run("savepoint a");
    s.insert(q, "rolled back to a savepoint");
    s.run("rollback to a");
    s.insert(q, "after");
    s.commit();
    s.begin();
    s.insert(q, "rolled back");
    s.rollback();
    s.run(
        "do $$ begin perform pgq.insert_event('%s', 't', 'in a failed block'); raise 'no';"
                .formatted(q)
            + " exception when others then null; end $$");
    s.tick(q);

    assertThat(s.drain(q, "c")).containsExactly("before", "after");
  }

  @Test
  void eventsOfOneTransactionAreInOneBatchInStatementOrder() throws SQLException {
    Session s = sessions.open();
    Session other = sessions.open();
    String q = sessions.queue("c");
    s.begin();
    long txid = s.number("select txid_current()");
    s.insert(q, "1");
    other.insert(q, "other");
    other.tick(q);
    s.run("savepoint a");
    s.insert(q, "2");
    // more subtransactions than a snapshot can hold
    s.run(
        """
        do $$ begin
          for i in 3 .. 102 loop
            begin
              perform pgq.insert_event('%s', 't', i::text);
            exception when others then raise;
            end;
          end loop;
        end $$"""
            .formatted(q));
    other.insert(q, "another");
    other.tick(q);
    s.commit();
    other.tick(q);

    List<List<String>> batches = s.batches(q, "c");
    assertThat(batches.subList(0, 2)).containsExactly(List.of("other"), List.of("another"));
    assertThat(batches.get(2))
        .isEqualTo(IntStream.rangeClosed(1, 102).mapToObj(String::valueOf).toList());
    assertThat(s.rows("select count(*) from pgq.event where ev_txid = ?", txid))
        .containsExactly("102");
  }

  @Test
  @Plant(
      in = "insert_event(text,text,text,text,text,text,text)",
      replace = "ev_time, (ev_queue.*?now\\(\\), )",
      by = "ev_time, ev_txid, $1pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1, ")
  void eventsOfSubtransactionsCarryTheTransactionOnTop() throws SQLException {
    Session s = sessions.open();
    Session other = sessions.open();
    String q = sessions.queue("c");
    s.begin();
    s.insert(q, "top");
    for (int i = 1; i <= 70; i++) {
      s.run("savepoint s" + i);
      s.insert(q, "sub " + i);
      if (i % 35 == 0) {
        other.insert(q, "other " + i);
        other.tick(q);
      }
    }
    s.commit();
    other.tick(q);

    List<List<String>> batches = s.batches(q, "c");

    assertThat(batches).hasSize(3);
    assertThat(batches.get(2)).hasSize(71).startsWith("top", "sub 1").endsWith("sub 70");
  }

  @Test
  void consumerRegisteredInTheTransactionThatInsertsGetsItsEvents() throws SQLException {
    Session s = sessions.open();
    Session other = sessions.open();
    s.begin().run("select txid_current()");
    other.run("select txid_current()"); // a later transaction that ended earlier
    s.run("select pgq.create_queue('setup')");
    s.run("select pgq.register_consumer('setup', 'c')");
    s.insert("setup", "first");
    s.commit();
    s.tick("setup");

    assertThat(s.drain("setup", "c")).containsExactly("first");
  }

  @Test
  void consumerRegisteredAfterATickOfItsOwnTransactionGetsItsEvents() throws SQLException {
    Session s = sessions.open();
    Session other = sessions.open();
    String q = sessions.queue();
    s.begin().run("select txid_current()");
    other.run("select txid_current()");
    s.forceTick(q);
    s.run("select pgq.register_consumer(?, 'c')", q);
    s.insert(q, "first");
    s.commit();
    s.tick(q);

    assertThat(s.drain(q, "c")).containsExactly("first");
  }

  @Test
  @Plant(in = "create_reader(integer)", replace = "i_ended = ''\\{\\}''", by = "true")
  void eventWithALowerIdThatIsCommittedLaterIsInALaterBatch() throws SQLException {
    Session late = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    late.begin();
    late.insert(q, "late");
    s.insert(q, "early");
    s.tick(q);
    late.commit();
    s.tick(q);

    assertThat(s.batches(q, "c")).containsExactly(List.of("early"), List.of("late"));
  }

  @Test
  void openBatchIsAnsweredAgain() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.insert(q, "y");
    s.tick(q);

    assertThat(s.openBatch(q, "c")).isEqualTo(batch);
    assertThat(s.events(batch)).containsExactly("x");
    assertThat(s.events(batch)).containsExactly("x");
    assertThat(s.finish(batch)).isEqualTo(1);
    assertThat(s.drain(q, "c")).containsExactly("y");
    assertThat(s.nextBatch(q, "c")).isNull();
  }

  @Test
  @Plant(
      in = "next_batch_custom(text,text,interval,integer,interval)",
      replace = "v_position.pos_seq \\+ 1",
      by = "v_position.pos_seq + 1 + (random() * 1000000)::integer")
  void twoSessionsOfOneConsumerOpenTheSameBatch() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = sessions.queue("c");
    a.insert(q, "x");
    a.tick(q);
    a.begin();
    long batch = a.openBatch(q, "c");
    Running second = b.start("select pgq.next_batch(?, 'c')", q).awaitBlocked();
    a.commit();

    assertThat(second.result()).isEqualTo(String.valueOf(batch));
    assertThat(a.finish(batch)).isEqualTo(1);
    assertThat(b.finish(batch)).isZero();
  }

  @Test
  void sessionThatWaitedForARolledBackOpeningOpensTheBatchItself() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = sessions.queue("c");
    a.insert(q, "x");
    a.tick(q);
    a.begin();
    a.openBatch(q, "c");
    Running second = b.start("select pgq.next_batch(?, 'c')", q).awaitBlocked();
    a.rollback();

    long batch = Long.parseLong(second.result());
    assertThat(b.events(batch)).containsExactly("x");
    assertThat(a.openBatch(q, "c")).isEqualTo(batch);
  }

  @Test
  void sessionThatWaitedForAFinishGetsTheNextBatch() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = sessions.queue("c");
    a.insert(q, "x");
    a.tick(q);
    long first = a.openBatch(q, "c");
    a.insert(q, "y");
    a.tick(q);
    a.begin();
    a.finish(first);
    a.openBatch(q, "c");
    // b still sees the first batch as the open one
    assertThat(b.openBatch(q, "c")).isEqualTo(first);
    Running finish = b.start("select pgq.finish_batch(?)", first).awaitBlocked();
    a.commit();

    assertThat(finish.result()).isEqualTo("0");
    assertThat(b.events(b.openBatch(q, "c"))).containsExactly("y");
  }

  @Test
  void repeatableReadSessionThatComesSecondGetsASerializationFailure() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = sessions.queue("c");
    a.insert(q, "x");
    a.tick(q);
    b.beginWithSnapshot("repeatable read");
    long batch = a.openBatch(q, "c");

    b.fails("40001", "select pgq.next_batch(?, 'c')", q);

    b.rollback();
    b.beginWithSnapshot("repeatable read");
    a.finish(batch);
    b.fails("40001", "select pgq.finish_batch(?)", batch);
  }

  @Test
  void finishedBatchCannotBeFinishedAgain() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.finish(batch);
    s.insert(q, "y");
    s.tick(q);
    long next = s.openBatch(q, "c");

    assertThat(s.finish(batch)).isZero();
    assertThat(s.warning("select pgq.finish_batch(?)", batch)).isEqualTo("PQ003");
    s.fails("PQ003", "select pgq.get_batch_events(?)", batch);
    assertThat(s.text("select queue_name from pgq.get_batch_info(?)", batch)).isEmpty();
    assertThat(s.openBatch(q, "c")).isEqualTo(next);
  }

  @Test
  @Plant(in = "finish_batch(bigint)", replace = "p\\.pos_seq \\+ 1", by = "p.pos_seq + 1000")
  void formerHolderCannotFinishTheBatchOfWhoTookOver() throws SQLException {
    Session old = sessions.open();
    Session taker = sessions.open();
    String q = sessions.queue("c");
    long start = old.number("select last_tick from pgq.get_consumer_info(?, 'c')", q);
    old.insert(q, "x");
    old.tick(q);
    long batch = old.openBatch(q, "c");
    taker.run("select pgq.register_consumer_at(?, 'c', ?)", q, start);
    long taken = taker.openBatch(q, "c");

    assertThat(taken).isNotEqualTo(batch);
    assertThat(old.finish(batch)).isZero();
    assertThat(taker.openBatch(q, "c")).isEqualTo(taken);
    assertThat(taker.events(taken)).containsExactly("x");
    assertThat(taker.finish(taken)).isEqualTo(1);
  }

  @Test
  void batchOfAFormerRegistrationCannotBeFinished() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.insert(q, "x");
    s.tick(q);
    long batch = s.openBatch(q, "c");
    assertThat(s.number("select pgq.unregister_consumer(?, 'c')", q)).isEqualTo(1);
    assertThat(s.number("select pgq.register_consumer(?, 'c')", q)).isEqualTo(1);

    assertThat(s.finish(batch)).isZero();
    assertThat(s.nextBatch(q, "c")).isNull();
    assertThat(s.number("select pgq.register_consumer(?, 'c')", q)).isZero();
  }

  @Test
  void movingAConsumerWaitsForWhoOpensItsBatch() throws SQLException {
    Session a = sessions.open();
    Session b = sessions.open();
    String q = sessions.queue("c");
    long start = a.number("select last_tick from pgq.get_consumer_info(?, 'c')", q);
    a.insert(q, "x");
    a.tick(q);
    a.begin();
    long batch = a.openBatch(q, "c");
    Running move = b.start("select pgq.register_consumer_at(?, 'c', ?)", q, start).awaitBlocked();
    a.commit();

    assertThat(move.result()).isEqualTo("0");
    assertThat(a.finish(batch)).isZero();
    assertThat(a.drain(q, "c")).containsExactly("x");
  }

  @Test
  void unknownConsumerIsNamedByItsState() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.fails("PQ002", "select pgq.next_batch(?, 'unknown')", q);
    s.fails("PQ002", "select pgq.next_batch('unknown', 'c')");
    assertThat(s.number("select pgq.unregister_consumer(?, 'unknown')", q)).isZero();
    s.fails("PQ001", "select pgq.register_consumer('unknown', 'c')");
    s.fails("PQ008", "select pgq.register_consumer_at(?, 'd', 4711)", q);
    s.fails("PQ008", "select pgq.register_consumer(?, '')", q);
  }

  @Test
  void largerBatchesSpanSeveralTicks() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("count", "lag", "interval");
    for (int i = 1; i <= 4; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
    }
    String custom = "select batch_id from pgq.next_batch_custom(?, ?, %s)";

    assertThat(s.text(custom.formatted("null, 5, null"), q, "count")).isEmpty();
    long three = s.number(custom.formatted("null, 3, null"), q, "count");
    assertThat(s.events(three)).containsExactly("x1", "x2", "x3");
    assertThat(s.text(custom.formatted("'1 hour', null, null"), q, "lag")).isEmpty();
    assertThat(s.text(custom.formatted("null, null, '1 hour'"), q, "interval")).isEmpty();
    s.run(
        "update pgq.tick t set tick_time = tick_time - interval '2 hours' from pgq.queue"
            + " where queue_id = tick_queue and queue_name = ? and tick_id <= 3",
        q);
    long old = s.number(custom.formatted("'1 hour', null, null"), q, "lag");
    assertThat(s.events(old)).containsExactly("x1");
    long wide = s.number(custom.formatted("null, null, '1 hour'"), q, "interval");
    assertThat(s.events(wide)).containsExactly("x1", "x2", "x3");
  }

  @Test
  void cursorStreamsTheBatchAndTakesACondition() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run(
        "select pgq.insert_events(?, 't', array(select i::text from generate_series(1, 9) i))", q);
    s.tick(q);
    long batch = s.openBatch(q, "c");
    s.begin();

    assertThat(s.rows("select ev_data from pgq.get_batch_cursor(?, 'a b', 2)", batch))
        .containsExactly("1", "2");
    assertThat(s.rows("fetch 100 from \"a b\"")).hasSize(7).last().asString().contains("|9|");
    String where = "ev_data::int % 2 = 0 -- even";
    assertThat(s.rows("select ev_data from pgq.get_batch_cursor(?, 'even', 9, ?)", batch, where))
        .containsExactly("2", "4", "6", "8");
    s.commit();
  }

  @Test
  @Plant(in = "batch_query(bigint)", replace = " order by ev_id", by = "")
  void largeBatchIsInOrderAsWell() throws SQLException {
    Session early = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue("c");
    early.begin();
    early.insert(q, "1");
    s.insert(q, "2");
    s.tick(q);
    s.run(
        "select pgq.insert_events(?, 't', array(select i::text from generate_series(3, 1500) i))",
        q);
    early.commit();
    s.tick(q);

    List<List<String>> batches = s.batches(q, "c");

    assertThat(batches.get(0)).containsExactly("2");
    assertThat(batches.get(1))
        .hasSize(1499)
        .startsWith("1", "3", "4", "5")
        .isSortedAccordingTo(Comparator.comparingInt(Integer::parseInt));
  }

  /**
   * The statistics say that a queue has about one tick; this one has hundreds, older than the
   * batch.
   */
  @Test
  @Plant(in = "batch(bigint)", replace = "offset 0", by = "")
  @Plant(in = "finish_and_next(bigint)", replace = "offset 0", by = "")
  @Plant(in = "get_batch_info(bigint)", replace = "offset 0", by = "")
  void onlyTheTicksOfTheBatchAreReadHoweverManyThereAre() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run(
        "insert into pgq.tick (tick_queue, tick_id, tick_snapshot, tick_event_seq, tick_open)"
            + " select -i, 1, txid_current_snapshot(), 1, false from generate_series(1, 5000) i");
    s.run(
        "insert into pgq.tick (tick_queue, tick_id, tick_snapshot, tick_event_seq, tick_open)"
            + " select tick_queue, tick_id - i, tick_snapshot, tick_event_seq, false"
            + " from pgq.tick join pgq.queue on queue_id = tick_queue, generate_series(1, 300) i"
            + " where queue_name = ?",
        q);
    s.run("analyze pgq.tick");
    s.insert(q, "x");
    s.tick(q);
    s.insert(q, "y");
    s.tick(q);
    s.begin();
    String read =
        "select idx_tup_fetch from pg_stat_xact_user_tables where relid = 'pgq.tick'::regclass";
    long before = s.number(read);
    long batch = s.openBatch(q, "c");
    s.events(batch);
    s.run("select * from pgq.get_batch_info(?)", batch);
    s.run("select pgq.finish_and_next(?)", batch);

    assertThat(s.number(read) - before).isLessThan(50);
    s.rollback();
    s.run("delete from pgq.tick where tick_queue < 0");
  }
}
