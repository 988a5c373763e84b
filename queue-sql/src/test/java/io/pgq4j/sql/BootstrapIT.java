package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A bootstrapped consumer gets each row as it is, then each change: no gap, nothing twice. */
class BootstrapIT {

  private static final String START = "bootstrap_start(text,text)";
  private static final String ONE_STATEMENT =
      "select pg_export_snapshot\\(\\), txid_current_snapshot\\(\\) into snapshot_name, v_snapshot;";

  @RegisterExtension
  static final TestDatabase database =
      TestDatabase.create().onServerWith(Map.of("max_prepared_transactions", "10"));

  @RegisterExtension final Sessions sessions = new Sessions(database);

  private String watched(Session s, String queue, String options) throws SQLException {
    String table = "t" + queue.replaceAll("\\D", "");
    s.run("create table " + table + " (id int primary key, v text, secret text)");
    s.run(
        "select pgq.watch_table(cast(? as regclass), ?, cast(? as jsonb))", table, queue, options);
    return table;
  }

  /** Begins a bootstrap as its documentation says; the reader is left in the snapshot. */
  private static long start(Session s, Session reader, String queue) throws SQLException {
    s.begin();
    share(reader, s.text("select snapshot_name from pgq.bootstrap_start(?, 'new')", queue));
    s.commit();
    return s.number("select last_tick from pgq.get_consumer_info(?, 'new')", queue);
  }

  private static void share(Session reader, String snapshot) throws SQLException {
    reader.begin("repeatable read");
    reader.run("set transaction snapshot '" + snapshot + "'");
  }

  private static List<String> rows(Session reader, String table, String queue) throws SQLException {
    String sql = reader.text("select pgq.bootstrap_sql(cast(? as regclass), ?)", table, queue);
    return reader.rows("select ev_data from (" + sql + ") e order by 1");
  }

  @Test
  @Plant(
      in = START,
      replace = ONE_STATEMENT,
      by =
          "snapshot_name := pg_export_snapshot(); perform pg_advisory_lock(4711);"
              + " perform pg_advisory_unlock(4711); v_snapshot := txid_current_snapshot();")
  @Plant(
      in = START,
      replace = ONE_STATEMENT,
      by =
          "v_snapshot := txid_current_snapshot(); perform pg_advisory_lock(4711);"
              + " perform pg_advisory_unlock(4711); snapshot_name := pg_export_snapshot();")
  void whatIsCommittedMeanwhileIsEitherARowOrAnEvent() throws SQLException {
    Session s = sessions.open();
    Session reader = sessions.open();
    Session other = sessions.open();
    String q = sessions.queue();
    String table = watched(s, q, "{}");
    s.run("insert into " + table + " values (1, 'before')");
    other.run("select pg_advisory_lock(4711)");
    s.begin();
    Running started = s.start("select snapshot_name from pgq.bootstrap_start(?, 'new')", q);
    // The real function does not wait here; one that reads the snapshots one by one does.
    awaitBlockedOrDone(s, started);
    other.run("insert into " + table + " values (2, 'meanwhile')");
    other.run("select pg_advisory_unlock(4711)");
    share(reader, started.result());
    s.commit();

    List<String> seen = new ArrayList<>(rows(reader, table, q));
    reader.commit();
    s.run(
        "select pgq.bootstrap_finish(?, 'new', last_tick) from pgq.get_consumer_info(?, 'new')",
        q,
        q);
    s.forceTick(q);
    seen.addAll(s.drain(q, "new"));
    assertThat(seen)
        .containsExactlyInAnyOrder(
            "{\"id\":1,\"v\":\"before\",\"secret\":null}",
            "{\"id\":2,\"v\":\"meanwhile\",\"secret\":null}");
  }

  private static void awaitBlockedOrDone(Session s, Running running) throws SQLException {
    while (!running.isDone() && !s.isBlocked()) {
      Thread.onSpinWait();
    }
  }

  @Test
  @Plant(
      in = START,
      replace =
          "perform pg_advisory_xact_lock\\(pgq.tick_lock\\(\\), v_queue.queue_id\\);(.*)"
              + ONE_STATEMENT,
      by =
          "select pg_export_snapshot(), txid_current_snapshot() into snapshot_name, v_snapshot;"
              + " perform pg_advisory_xact_lock(pgq.tick_lock(), v_queue.queue_id); $1")
  void tickThatIsBeingMadeIsSeen() throws SQLException {
    Session s = sessions.open();
    Session reader = sessions.open();
    Session ticker = sessions.open();
    String q = sessions.queue("old");
    String table = watched(s, q, "{}");
    s.begin();
    s.run("insert into " + table + " values (1, 'late')");
    ticker.run("select pgq.set_queue_config(?, 'ticker_idle_period', '0')", q);
    ticker.begin();
    ticker.tick(q);
    Session starter = sessions.open();
    starter.begin();
    Running started =
        starter.start("select snapshot_name from pgq.bootstrap_start(?, 'new')", q).awaitBlocked();
    s.commit();
    ticker.commit();
    share(reader, started.result());
    starter.commit();

    assertThat(rows(reader, table, q)).hasSize(1);
    reader.commit();
    s.run(
        "select pgq.bootstrap_finish(?, 'new', last_tick) from pgq.get_consumer_info(?, 'new')",
        q,
        q);
    s.tick(q);
    assertThat(s.drain(q, "new")).isEmpty();
    assertThat(s.drain(q, "old")).hasSize(1);
  }

  @Test
  void openAndPreparedTransactionsAreEventsNotRows() throws SQLException {
    Session s = sessions.open();
    Session reader = sessions.open();
    Session open = sessions.open();
    Session prepared = sessions.open();
    String q = sessions.queue();
    String table = watched(s, q, "{}");
    s.run("insert into " + table + " values (1, 'a'), (2, 'b'), (3, 'c')");
    s.forceTick(q);
    open.begin().run("update " + table + " set v = 'open' where id = 1");
    prepared.begin().run("update " + table + " set v = 'prepared' where id = 2");
    prepared.run("prepare transaction 'p" + q.replaceAll("\\D", "") + "'");
    long tick = start(s, reader, q);
    open.commit();
    prepared.run("commit prepared 'p" + q.replaceAll("\\D", "") + "'");
    s.run("delete from " + table + " where id = 3");

    assertThat(rows(reader, table, q))
        .containsExactly(
            "{\"id\":1,\"v\":\"a\",\"secret\":null}",
            "{\"id\":2,\"v\":\"b\",\"secret\":null}",
            "{\"id\":3,\"v\":\"c\",\"secret\":null}");
    reader.commit();
    s.run("select pgq.bootstrap_finish(?, 'new', ?)", q, tick);
    s.forceTick(q);
    assertThat(s.drain(q, "new"))
        .containsExactly(
            "{\"id\":1,\"v\":\"open\",\"secret\":null}",
            "{\"id\":2,\"v\":\"prepared\",\"secret\":null}",
            "{\"id\":3,\"v\":\"c\",\"secret\":null}");
  }

  @Test
  @Plant(
      in = "next_batch_custom(text,text,interval,integer,interval)",
      replace = "if v_paused then",
      by = "if false then")
  @Plant(in = "is_paused(pgq.registration)", replace = "or i_registration.*?not null", by = "")
  void consumerWaitsUntilItsBootstrapIsFinished() throws SQLException {
    Session s = sessions.open();
    Session reader = sessions.open();
    String q = sessions.queue();
    long first = start(s, reader, q);
    reader.rollback(); // it died
    s.insert(q, "x1");
    s.tick(q);
    assertThat(s.nextBatch(q, "new")).isNull();
    assertThat(s.rows("select consumer_name, bootstrap_tick from pgq.get_paused_consumers(?)", q))
        .containsExactly("new|" + first);
    s.fails("PQ008", "select pgq.resume_consumer(?, 'new')", q);
    s.fails("PQ008", "select pgq.seek(?, 'new', 1)", q);
    s.fails("PQ008", "select pgq.register_consumer_at(?, 'new', 1)", q);

    long second = start(s, reader, q);
    reader.commit();
    s.insert(q, "x2");
    s.tick(q);
    s.fails("PQ008", "select pgq.bootstrap_finish(?, 'new', ?)", q, first);
    s.run("select pgq.bootstrap_finish(?, 'new', ?)", q, second);
    s.fails("PQ008", "select pgq.bootstrap_finish(?, 'new', ?)", q, second);
    assertThat(s.rows("select * from pgq.get_paused_consumers(?)", q)).isEmpty();
    assertThat(s.drain(q, "new")).containsExactly("x2");
  }

  @Test
  void batchIsNotOpenedWhileABootstrapBegins() throws SQLException {
    Session s = sessions.open();
    Session consumer = sessions.open();
    String q = sessions.queue("new");
    s.insert(q, "x1");
    s.tick(q);
    // The consumer has looked whether it is paused, and waits where it reads its position.
    Session blocker = sessions.open();
    blocker.begin().run("lock table pgq.position in access exclusive mode");
    Running batch = consumer.start("select pgq.next_batch(?, 'new')", q).awaitBlocked();
    blocker.run("select * from pgq.bootstrap_start(?, 'new')", q);
    s.insert(q, "x2");
    blocker.run(
        "insert into pgq.tick (tick_queue, tick_id, tick_event_seq) select queue_id,"
            + " nextval(queue_tick_seq), 9 from pgq.queue where queue_name = ?",
        q);
    blocker.commit();

    assertThat(batch.result()).isEmpty();
  }

  @Test
  @Plant(in = START, replace = "delete from pgq.retry_queue.*?;", by = "")
  void retriesOfOlderStatesDoNotComeBack() throws SQLException {
    Session s = sessions.open();
    Session reader = sessions.open();
    String q = sessions.queue("new");
    long event = s.insert(q, "old");
    s.tick(q);
    long batch = s.openBatch(q, "new");
    s.run("select pgq.event_retry(?, ?, 0)", batch, event);
    long tick = start(s, reader, q);
    reader.commit();
    assertThat(s.finish(batch)).as("the open batch was abandoned").isZero();
    s.run("select pgq.bootstrap_finish(?, 'new', ?)", q, tick);
    s.run("select pgq.maint_retry_events()");
    s.forceTick(q);
    assertThat(s.drain(q, "new")).isEmpty();
  }

  @Test
  void rowsAreAsTheWatchSendsThem() throws SQLException {
    Session s = sessions.open();
    Session reader = sessions.open();
    for (String options :
        List.of(
            "{}",
            "{\"ignore\": [\"secret\"]}",
            "{\"mask\": [\"secret\"], \"columns\": [\"id\", \"secret\"]}",
            "{\"where\": \"v <> 'b' -- \\u00fc\"}",
            "{\"key\": [\"v\", \"id\"], \"where\": \"id > 1\", \"ignore\": [\"secret\", \"id\"]}",
            "{\"level\": \"row\", \"where\": \"id = 2\"}",
            "{\"operations\": [\"delete\"], \"where\": \"id = 2\"}")) {
      String q = sessions.queue("c");
      String table = watched(s, q, options);
      s.run("insert into " + table + " values (1, 'a', 's'), (2, 'b', 's'), (3, 'c', null)");
      start(s, reader, q);
      String columns = "ev_data || ' ' || ev_extra1 || ' ' || coalesce(ev_extra3, '-')";
      String sql = reader.text("select pgq.bootstrap_sql(cast(? as regclass), ?)", table, q);
      List<String> rows = reader.rows("select " + columns + " from (" + sql + ") e order by 1");
      assertThat(reader.rows("select distinct ev_type from (" + sql + ") e"))
          .containsExactly("SNAPSHOT");
      reader.commit();
      s.run("delete from " + table);
      assertThat(rows)
          .as(options)
          .isNotEmpty()
          .isEqualTo(
              s.rows(
                  "select "
                      + columns
                      + " from pgq.event join pgq.queue on queue_id = ev_queue"
                      + " where queue_name = ? and ev_type = 'DELETE' order by 1",
                  q));
    }
  }

  @Test
  void whatCannotBeBootstrappedIsRefused() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run("create table if not exists not_watched (id int)");
    s.fails("PQ008", "select pgq.bootstrap_sql('not_watched', ?)", q);
    s.fails("PQ008", "select pgq.bootstrap_sql(null, ?)", q);
    s.fails("PQ001", "select pgq.bootstrap_sql('not_watched', 'no such queue')");
    s.fails("PQ001", "select pgq.bootstrap_start('no such queue', 'c')");
    s.fails("PQ008", "select pgq.bootstrap_start(?, '')", q);
    s.fails("PQ002", "select pgq.bootstrap_finish(?, 'nobody', 1)", q);
    s.fails("PQ008", "select pgq.bootstrap_finish(?, 'c', 1)", q);
    s.run("select pgq.pause_queue(?)", q);
    s.fails("PQ004", "select pgq.bootstrap_start(?, 'c')", q);
    s.begin("repeatable read");
    s.fails("PQ007", "select pgq.bootstrap_start(?, 'c')", q);
  }
}
