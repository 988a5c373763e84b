package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Watches of tables that have others below them, or beside them by foreign keys. */
class CapturePartitionsIT {

  private static final String[] REGIONS = {
    "create table t (id int, region text, v text) partition by list (region)",
    "create table t_north partition of t for values in ('n')",
    // its columns are placed otherwise than the parent's
    "create table t_south (gone int, v text, region text, id int)",
    "alter table t_south drop column gone",
    "alter table t attach partition t_south for values in ('s')"
  };
  private static final String[] MOVES = {
    "insert into t values (1, 'n', 'a'), (2, 's', 'b')",
    "update t set region = case region when 'n' then 's' else 'n' end"
  };
  private static final String[] CHILDREN = {
    "create table parent (id int, v text)",
    "create table child (extra text) inherits (parent)",
    "create table grandchild () inherits (child)"
  };

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @BeforeEach
  void dropAll() throws SQLException {
    sessions.open().run("drop table if exists t, parent, owner, pet cascade");
  }

  /** By its key it is the same row. */
  @Test
  void rowThatMovesIsUpdated() throws SQLException {
    Watched t = Watched.table(sessions, "t", options("statement", "\"key\": [\"id\"]"), REGIONS);

    assertThat(t.columnsAfter("ev_type, ev_data::jsonb", MOVES))
        .containsExactlyInAnyOrder(
            "INSERT|{\"v\": \"a\", \"id\": 1, \"region\": \"n\"}",
            "INSERT|{\"v\": \"b\", \"id\": 2, \"region\": \"s\"}",
            "UPDATE|{\"v\": \"a\", \"id\": 1, \"region\": \"s\"}",
            "UPDATE|{\"v\": \"b\", \"id\": 2, \"region\": \"n\"}");
  }

  /** A row trigger sees it leave one partition, and then enter another. */
  @Test
  void rowThatMovesIsDeletedAndInsertedByRowTriggers() throws SQLException {
    Watched t = Watched.table(sessions, "t", options("row", "\"key\": [\"id\"]"), REGIONS);

    assertThat(t.columnsAfter("ev_type, ev_data::json ->> 'id'", MOVES))
        .containsSubsequence("INSERT|1", "DELETE|1", "INSERT|1")
        .containsSubsequence("INSERT|2", "DELETE|2", "INSERT|2")
        .hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void partitionsAreShapedByTheNamesOfTheirColumns(String level) throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            options(level, "\"mask\": [\"v\"], \"where\": \"id > 0\", \"old_row\": \"changed\""),
            REGIONS);

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data::jsonb, ev_extra1, ev_extra2",
                "insert into t_south (id, region, v) values (1, 's', 'x'), (0, 's', 'y')",
                "update t set v = 'z'",
                "delete from t_south"))
        .containsExactly(
            "INSERT|{\"v\": \"***\", \"id\": 1, \"region\": \"s\"}|public.t|",
            "UPDATE|{\"v\": \"***\", \"id\": 1, \"region\": \"s\"}|public.t|{\"v\":\"***\"}",
            "DELETE|{\"v\": \"***\", \"id\": 1, \"region\": \"s\"}|public.t|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void truncateOfAPartitionIsSeen(String level) throws SQLException {
    Watched t = Watched.table(sessions, "t", options(level, ""), REGIONS);

    assertThat(t.columnsAfter("ev_type, ev_extra1", "truncate t_north"))
        .containsExactly("TRUNCATE|public.t_north");
  }

  @Test
  void partitionThatCameLaterIsCoveredThroughTheParentAndIsNamedAsUncovered() throws SQLException {
    Watched t = Watched.table(sessions, "t", options("statement", ""), REGIONS);
    String uncovered = "select uncovered from pgq.get_watches() where queue_name = ?";
    assertThat(t.session().text(uncovered, t.queue())).isEmpty();

    assertThat(
            t.after(
                "create table t_west partition of t for values in ('w')",
                "insert into t values (1, 'w', 'a')"))
        .hasSize(1);
    assertThat(t.session().text(uncovered, t.queue())).isEqualTo("{public.t_west}");
    t.session().run("select pgq.watch_table('t', ?)", t.queue());
    assertThat(t.session().text(uncovered, t.queue())).isEmpty();
    assertThat(t.after("insert into t_west values (2, 'w', 'b')")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void childrenAreCapturedOnceWhicheverWayTheyAreWritten(String level) throws SQLException {
    Watched t = Watched.table(sessions, "parent", options(level, "\"mask\": [\"v\"]"), CHILDREN);

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data::json ->> 'id', ev_data::json ->> 'v'",
                "insert into parent values (1, 'a')",
                "insert into child values (2, 'b', 'x')",
                "insert into grandchild values (3, 'c', 'y')",
                "update parent set v = 'all'",
                "update grandchild set v = 'straight'",
                "delete from only parent",
                "delete from parent where id = 2",
                "delete from child"))
        .containsExactly(
            "INSERT|1|***",
            "INSERT|2|***",
            "INSERT|3|***",
            "UPDATE|1|***",
            "UPDATE|2|***",
            "UPDATE|3|***",
            "UPDATE|3|***",
            "DELETE|1|***",
            "DELETE|2|***",
            "DELETE|3|***");
  }

  @Test
  void unwatchingTheParentUnwatchesTheChildren() throws SQLException {
    Watched t = Watched.table(sessions, "parent", options("row", ""), CHILDREN);
    t.session().run("select pgq.unwatch_table('parent', ?)", t.queue());

    assertThat(t.after("insert into parent values (1)", "insert into grandchild values (2)"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void everythingThatForeignKeysDoIsCaptured(String level) throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "pet",
            options(level, "\"old_row\": \"changed\""),
            "create table owner (id int primary key)",
            "create table pet (id int primary key,"
                + " owner int references owner on update cascade on delete cascade,"
                + " friend int default 0 references owner on update set default on delete set null)",
            "insert into owner values (0), (1), (2), (3)",
            "insert into pet values (7, 1, 2), (8, 3, 3)");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra2",
                "update owner set id = 11 where id = 1",
                "delete from owner where id = 2",
                "update owner set id = 13 where id = 3",
                "delete from owner where id = 13"))
        .containsExactly(
            "UPDATE|{\"id\":7,\"owner\":11,\"friend\":2}|{\"owner\":1}",
            "UPDATE|{\"id\":7,\"owner\":11,\"friend\":null}|{\"friend\":2}",
            "UPDATE|{\"id\":8,\"owner\":13,\"friend\":3}|{\"owner\":3}",
            "UPDATE|{\"id\":8,\"owner\":13,\"friend\":0}|{\"friend\":3}",
            "DELETE|{\"id\":8,\"owner\":13,\"friend\":0}|");
  }

  @Test
  void watchesAreListedWithTheirOptions() throws SQLException {
    Watched t =
        Watched.table(sessions, "parent", options("row", "\"where\": \"v <> 'ü\\\\'\""), CHILDREN);
    String watch = "select %s from pgq.get_watches() where queue_name = ?";

    assertThat(
            t.session()
                .rows(
                    watch.formatted(
                        "table_name, options ->> 'where', options ->> 'level', enabled, uncovered"),
                    t.queue()))
        .containsExactly("public.parent|v <> 'ü\\'|row|t|");
    String options = t.session().text(watch.formatted("options"), t.queue());
    t.session().run("select pgq.watch_table('parent', ?, ?::jsonb)", t.queue(), options);
    assertThat(t.session().text(watch.formatted("options"), t.queue())).isEqualTo(options);
    t.session().run("alter table child disable trigger all");
    assertThat(t.session().rows(watch.formatted("table_name, enabled"), t.queue()))
        .containsExactly("public.parent|f");
  }

  private static String options(String level, String more) {
    return "{\"level\": \"%s\"%s}".formatted(level, more.isEmpty() ? "" : ", " + more);
  }
}
