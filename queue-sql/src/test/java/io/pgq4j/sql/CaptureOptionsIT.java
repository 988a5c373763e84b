package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The options of watch_table, and what it refuses. */
class CaptureOptionsIT {

  private static final String TABLE = "create table t (id int primary key, v text, secret text)";
  private static final String TRIGGERS =
      "select count(*) from pg_trigger where tgrelid = 't'::regclass and not tgisinternal";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @BeforeEach
  void dropAll() throws SQLException {
    sessions.open().run("drop view if exists w; drop table if exists t");
  }

  @Test
  void operationsChoosesStatements() throws SQLException {
    Watched t =
        Watched.table(
            sessions, "t", "{\"operations\": [\"delete\", \"delete\", \"truncate\"]}", TABLE);

    assertThat(
            t.columnsAfter(
                "ev_type",
                "insert into t values (1), (2)",
                "update t set v = 'a'",
                "delete from t where id = 1",
                "truncate t"))
        .containsExactly("DELETE", "TRUNCATE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void ignoredColumnsAreLeftOutOfEveryRow(String level) throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{\"ignore\": [\"secret\"], \"old_row\": true, \"level\": \"" + level + "\"}",
            TABLE);

    assertThat(
            t.columnsAfter(
                "ev_data, ev_extra2",
                "insert into t values (1, 'a', 'x')",
                "update t set v = 'b'",
                "update t set id = 2",
                "delete from t"))
        .containsExactly(
            "{\"id\":1,\"v\":\"a\"}|",
            "{\"id\":1,\"v\":\"b\"}|{\"id\":1,\"v\":\"a\"}",
            "{\"id\":1,\"v\":\"b\"}|",
            "{\"id\":2,\"v\":\"b\"}|",
            "{\"id\":2,\"v\":\"b\"}|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void keyIsWhatIdentifiesARow(String level) throws SQLException {
    Watched t =
        Watched.table(
            sessions, "t", "{\"key\": [\"v\", \"secret\"], \"level\": \"" + level + "\"}", TABLE);

    assertThat(
            t.columnsAfter(
                "ev_type, ev_extra3",
                "insert into t values (1, 'a', null)",
                "update t set id = 2",
                "update t set secret = 's'"))
        .containsExactly(
            "INSERT|v,secret", "UPDATE|v,secret", "DELETE|v,secret", "INSERT|v,secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void whereChoosesRows(String level) throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{\"where\": \"v = 'it''s' -- )\", \"level\": \"" + level + "\"}",
            TABLE);

    assertThat(
            t.after(
                "insert into t values (1, 'it''s'), (2, 'x'), (3, null)",
                "update t set secret = 's'",
                "delete from t",
                "truncate t"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"it's\",\"secret\":null}",
            "UPDATE|{\"id\":1,\"v\":\"it's\",\"secret\":\"s\"}",
            "DELETE|{\"id\":1,\"v\":\"it's\",\"secret\":\"s\"}",
            "TRUNCATE|");
  }

  @Test
  void headersGoAlong() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", TABLE);

    assertThat(
            t.columnsAfter(
                "ev_extra4",
                "insert into t values (1)",
                "begin",
                "set local pgq.headers = '{\"user\": \"me\"}'",
                "insert into t values (2)",
                "commit",
                "delete from t"))
        .containsExactly("", "{\"user\": \"me\"}", "", "");
  }

  @Test
  void watchingAgainReplacesTheOptions() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", TABLE);
    Session s = t.session();
    assertThat(
            s.number("select pgq.watch_table('t', ?, '{\"operations\": [\"delete\"]}')", t.queue()))
        .isZero();

    assertThat(s.number(TRIGGERS)).isEqualTo(1);
    assertThat(s.number("select pgq.unwatch_table('t', ?)", t.queue())).isEqualTo(1);
    assertThat(s.number("select pgq.unwatch_table('t', ?)", t.queue())).isZero();
    assertThat(t.after("insert into t values (1)", "delete from t")).isEmpty();
    assertThat(s.number("select pgq.watch_table('t', ?)", t.queue())).isEqualTo(1);
  }

  @Test
  void tableMayBeWatchedForSeveralQueues() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", TABLE);
    String other = sessions.queue("c");
    t.session().run("select pgq.watch_table('t', ?)", other);

    assertThat(t.after("insert into t values (1)")).hasSize(1);
    t.session().tick(other);
    assertThat(t.session().drain(other, "c")).hasSize(1);
    assertThat(t.session().number("select pgq.unwatch_table('t', ?)", other)).isEqualTo(4);
    assertThat(t.after("insert into t values (2)")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"unknown\": 1}",
        "[]",
        "\"text\"",
        "{\"operations\": \"insert\"}",
        "{\"operations\": []}",
        "{\"operations\": [null]}",
        "{\"operations\": [\"select\"]}",
        "{\"operations\": [\"insert on t execute function f(); --\"]}",
        "{\"ignore\": [\"nothing\"]}",
        "{\"ignore\": [null]}",
        "{\"key\": [\"nothing\"]}",
        "{\"key\": [\"ctid\"]}",
        "{\"level\": \"table\"}",
        "{\"old_row\": \"yes\"}",
        "{\"always\": 1}",
        "{\"columns\": [\"nothing\"]}",
        "{\"columns\": \"v\"}",
        "{\"mask\": [\"nothing\"]}",
        "{\"mask\": [null]}",
        "{\"old_row\": \"all\"}",
        "{\"skip_unchanged\": \"changed\"}",
        "{\"where\": true}",
      })
  void wrongOptionsAreRefusedAndLeaveNothingBehind(String options) throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.run(TABLE);

    s.fails("PQ008", "select pgq.watch_table('t', ?, ?::jsonb)", q, options);
    assertThat(s.number(TRIGGERS)).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "42703:nothing = 1",
        "42601:",
        "42601:id = 1) or (",
        "42804:id",
        "42883:unknown_function(id)",
        "42803:count(*) > 1",
      })
  void whereThatIsNoConditionIsRefused(String stateAndWhere) throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.run(TABLE);
    String[] parts = stateAndWhere.split(":", 2);

    s.fails(
        parts[0],
        "select pgq.watch_table('t', ?, jsonb_build_object('where', ?::text))",
        q,
        parts[1]);
    assertThat(s.number(TRIGGERS)).isZero();
  }

  @Test
  void onlyTablesOfUsersAreWatched() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.run(TABLE);
    s.run("create view w as select * from t");
    List<String> refused =
        List.of("w", "pgq.queue", "pgq.event", s.text("select pgq.current_event_table(?)", q));
    for (String table : refused) {
      s.fails("PQ008", "select pgq.watch_table(?::text::regclass, ?)", table, q);
    }
    s.fails("PQ008", "select pgq.watch_table(null, ?)", q);
    s.fails("42P01", "select pgq.watch_table('nothing', ?)", q);
    s.fails("PQ001", "select pgq.watch_table('t', 'nothing')");
  }

  @Test
  void queueThatTakesNoEventsFailsTheWrite() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", TABLE);
    t.session().run("select pgq.set_queue_config(?, 'disable_insert', 'true')", t.queue());

    t.session().fails("PQ005", "insert into t values (1)");
    t.session().run("select pgq.unwatch_table('t', ?)", t.queue());
    t.session().run("insert into t values (1)");
  }

  @Test
  void watchedQueueCannotBeDropped() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", TABLE);

    t.session().fails("PQ008", "select pgq.drop_queue(?, true)", t.queue());
    t.session().run("select pgq.unwatch_table('t', ?)", t.queue());
    t.session().run("select pgq.drop_queue(?, true)", t.queue());
  }

  @Test
  @Plant(in = "hold_queue(text)", replace = "perform from .*? for key share;", by = "")
  void queueCannotBeDroppedWhileATableIsBeingWatched() throws SQLException {
    Session watcher = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue();
    s.run(TABLE);
    watcher.begin().run("select pgq.watch_table('t', ?)", q);
    Running drop = s.start("select pgq.drop_queue(?)", q).awaitBlocked();
    watcher.commit();

    drop.fails("PQ008");
    s.run("insert into t values (1)");
  }

  @Test
  void tableCannotBeWatchedForAQueueThatIsBeingDropped() throws SQLException {
    Session watcher = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue();
    s.run(TABLE);
    s.begin().run("select pgq.drop_queue(?)", q);
    Running watch = watcher.start("select pgq.watch_table('t', ?)", q).awaitBlocked();
    s.commit();

    watch.fails("PQ001");
    s.run("insert into t values (1)");
  }

  @Test
  void watchingABusyTableGivesUpSoon() throws SQLException {
    Session writer = sessions.open();
    Session s = sessions.open();
    String q = sessions.queue();
    s.run(TABLE);
    writer.begin().run("insert into t values (1)");

    s.fails("55P03", "select pgq.watch_table('t', ?)", q);
    writer.rollback();
  }
}
