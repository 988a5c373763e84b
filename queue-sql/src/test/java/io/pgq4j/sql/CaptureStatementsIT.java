package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every statement that changes a watched table makes the events it should, and no others. */
class CaptureStatementsIT {

  private static final String TABLE = "create table t (id int primary key, v text)";
  private static final String PARTITIONED =
      "create table t (id int, v text, primary key (id)) partition by range (id)";
  private static final String P1 = "create table p1 partition of t for values from (0) to (10)";
  private static final String P2 = "create table p2 partition of t for values from (10) to (20)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @BeforeEach
  void dropTables() throws SQLException {
    sessions.open().run("drop table if exists t, child, p1, p2 cascade");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void insertUpdateAndDeleteCarryTheRow(String options) throws SQLException {
    Watched t = Watched.table(sessions, "t", options, TABLE);

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4",
                "insert into t values (1, 'a'), (2, 'b')",
                "update t set v = v || '!'",
                "delete from t where id = 1"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\"}|public.t||id|",
            "INSERT|{\"id\":2,\"v\":\"b\"}|public.t||id|",
            "UPDATE|{\"id\":1,\"v\":\"a!\"}|public.t||id|",
            "UPDATE|{\"id\":2,\"v\":\"b!\"}|public.t||id|",
            "DELETE|{\"id\":1,\"v\":\"a!\"}|public.t||id|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void truncateCarriesNoRow(String options) throws SQLException {
    Watched t = Watched.table(sessions, "t", options, TABLE);

    assertThat(t.columnsAfter("ev_type, ev_data is null, ev_extra1", "truncate t"))
        .containsExactly("TRUNCATE|t|public.t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void copyAndInsertSelectMakeOneEventPerRow(String options) throws Exception {
    Watched t = Watched.table(sessions, "t", options, TABLE);
    t.session().copy("t", "1\ta\n2\t\\N\n");

    assertThat(t.after("insert into t select i, 'x' from generate_series(3, 4) i"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\"}",
            "INSERT|{\"id\":2,\"v\":null}",
            "INSERT|{\"id\":3,\"v\":\"x\"}",
            "INSERT|{\"id\":4,\"v\":\"x\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void onConflictMakesWhatItDid(String options) throws SQLException {
    Watched t = Watched.table(sessions, "t", options, TABLE, "insert into t values (1, 'a')");

    assertThat(
            t.after(
                "insert into t values (1, 'b'), (2, 'c') on conflict (id)"
                    + " do update set v = excluded.v"))
        .containsExactlyInAnyOrder(
            "UPDATE|{\"id\":1,\"v\":\"b\"}", "INSERT|{\"id\":2,\"v\":\"c\"}");
    assertThat(t.after("insert into t values (1, 'b'), (3, 'c') on conflict do nothing"))
        .containsExactly("INSERT|{\"id\":3,\"v\":\"c\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void mergeMakesWhatItDid(String options) throws SQLException {
    Watched t =
        Watched.table(sessions, "t", options, TABLE, "insert into t values (1, 'a'), (2, 'b')");
    assumeTrue(
        t.session().number("show server_version_num") >= 150_000, "MERGE came with PostgreSQL 15");

    assertThat(
            t.after(
                """
                merge into t using (values (1, 'x'), (2, 'delete'), (3, 'new')) s (id, v)
                on t.id = s.id
                when matched and s.v = 'delete' then delete
                when matched then update set v = s.v
                when not matched then insert values (s.id, s.v)"""))
        .containsExactlyInAnyOrder(
            "UPDATE|{\"id\":1,\"v\":\"x\"}",
            "DELETE|{\"id\":2,\"v\":\"b\"}",
            "INSERT|{\"id\":3,\"v\":\"new\"}");
  }

  @Test
  void commonTableExpressionsMakeWhatTheyDid() throws SQLException {
    Watched t =
        Watched.table(sessions, "t", "{}", TABLE, "insert into t values (1, 'a'), (2, 'b')");

    assertThat(
            t.after(
                """
                with d as (delete from t where id = 1 returning *),
                  u as (update t set v = 'u' where id = 2 returning *),
                  i as (insert into t select id + 10, v from d returning *)
                insert into t select id + 20, v from u"""))
        .containsExactlyInAnyOrder(
            "DELETE|{\"id\":1,\"v\":\"a\"}",
            "UPDATE|{\"id\":2,\"v\":\"u\"}",
            "INSERT|{\"id\":11,\"v\":\"a\"}",
            "INSERT|{\"id\":22,\"v\":\"u\"}");
  }

  @Test
  void foreignKeyCascadesAreCaptured() throws SQLException {
    Watched child =
        Watched.table(
            sessions,
            "child",
            "{}",
            TABLE,
            "create table child (id int primary key,"
                + " t int references t on delete cascade on update cascade)",
            "insert into t values (1, 'a'), (2, 'b')",
            "insert into child values (7, 1), (8, 2)");

    assertThat(child.after("update t set id = 5 where id = 2", "delete from t where id = 1"))
        .containsExactly("UPDATE|{\"id\":8,\"t\":5}", "DELETE|{\"id\":7,\"t\":1}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void partitionsAreCapturedOnceWhicheverWayTheyAreWritten(String options) throws SQLException {
    Watched t = Watched.table(sessions, "t", options, PARTITIONED, P1, P2);

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra1, ev_extra3",
                "insert into t values (1, 'parent')",
                "insert into p2 values (11, 'straight')",
                "update p1 set v = 'x'",
                "delete from t"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"parent\"}|public.t|id",
            "INSERT|{\"id\":11,\"v\":\"straight\"}|public.t|id",
            "UPDATE|{\"id\":1,\"v\":\"x\"}|public.t|id",
            "DELETE|{\"id\":1,\"v\":\"x\"}|public.t|id",
            "DELETE|{\"id\":11,\"v\":\"straight\"}|public.t|id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void rowThatMovesToAnotherPartitionIsDeletedAndInserted(String options) throws SQLException {
    Watched t =
        Watched.table(
            sessions, "t", options, PARTITIONED, P1, P2, "insert into t values (1, 'a'), (2, 'b')");

    assertThat(t.after("update t set id = id + 8, v = v || '!'"))
        .containsExactlyInAnyOrder(
            "DELETE|{\"id\":1,\"v\":\"a\"}",
            "INSERT|{\"id\":9,\"v\":\"a!\"}",
            "DELETE|{\"id\":2,\"v\":\"b\"}",
            "INSERT|{\"id\":10,\"v\":\"b!\"}");
  }

  @Test
  void rowLevelCoversPartitionsThatAreAttachedLater() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{\"level\": \"row\"}", PARTITIONED, P1);

    assertThat(t.after(P2, "insert into p2 values (11, 'a')"))
        .containsExactly("INSERT|{\"id\":11,\"v\":\"a\"}");
  }

  @Test
  void truncatingAPartitionIsNotATruncateOfTheTable() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", PARTITIONED, P1, P2);

    assertThat(t.columnsAfter("ev_type, ev_extra1", "truncate p1"))
        .containsExactly("TRUNCATE|public.p1");
    assertThat(t.columnsAfter("ev_type, ev_extra1", "truncate t"))
        .containsExactlyInAnyOrder("TRUNCATE|public.t", "TRUNCATE|public.p1", "TRUNCATE|public.p2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"where\": \"true\"}"})
  void changedKeysAreDeletedFirstAndThenInserted(String options) throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            options,
            "create table t (id int, v text, primary key (id) deferrable)",
            "insert into t values (1, 'a'), (2, 'b')");

    assertThat(t.after("update t set id = 3 - id"))
        .as("swapped")
        .containsExactly(
            "DELETE|{\"id\":1,\"v\":\"a\"}",
            "DELETE|{\"id\":2,\"v\":\"b\"}",
            "INSERT|{\"id\":2,\"v\":\"a\"}",
            "INSERT|{\"id\":1,\"v\":\"b\"}");
    List<String> shifted = t.after("update t set id = id + 1");
    assertThat(shifted)
        .as("shifted")
        .containsExactlyInAnyOrder(
            "DELETE|{\"id\":2,\"v\":\"a\"}",
            "INSERT|{\"id\":3,\"v\":\"a\"}",
            "DELETE|{\"id\":1,\"v\":\"b\"}",
            "INSERT|{\"id\":2,\"v\":\"b\"}");
    assertThat(shifted.subList(0, 2)).allMatch(event -> event.startsWith("DELETE"));
  }

  @Test
  void changedKeyIsDeletedAndInsertedRowByRow() throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{\"level\": \"row\"}",
            "create table t (id int primary key, v text)",
            "insert into t values (1, 'a')");

    assertThat(t.after("update t set id = 2"))
        .containsExactly("DELETE|{\"id\":1,\"v\":\"a\"}", "INSERT|{\"id\":2,\"v\":\"a\"}");
  }

  @Test
  void statementsThatChangeNothingMakeNoEvents() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", TABLE);

    assertThat(
            t.after(
                "insert into t select 1, 'a' where false",
                "update t set v = 'a'",
                "delete from t",
                "with gone as (delete from t returning id) insert into t select id, 'a' from gone"))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void rowsThatATriggerTakesOutMakeNoEvents(String options) throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            options,
            TABLE,
            "create or replace function odd() returns trigger language plpgsql as $$"
                + " begin if new.id % 2 = 0 then return null; end if; return new; end $$",
            "create trigger odd before insert or update on t for each row execute function odd()");

    assertThat(
            t.after(
                "insert into t select i, 'a' from generate_series(1, 4) i",
                "update t set id = id + 1 where id = 1",
                "update t set id = id + 2 where id = 3"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\"}",
            "INSERT|{\"id\":3,\"v\":\"a\"}",
            "DELETE|{\"id\":3,\"v\":\"a\"}",
            "INSERT|{\"id\":5,\"v\":\"a\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"level\": \"row\"}"})
  void replicatedWritesAreCapturedOnlyWhenAsked(String options) throws SQLException {
    Watched t = Watched.table(sessions, "t", options, TABLE);
    String[] replicated = {
      "set session_replication_role = replica",
      "insert into t values (1, 'a')",
      "truncate t",
      "reset session_replication_role"
    };
    assertThat(t.after(replicated)).isEmpty();

    t.session()
        .run(
            "select pgq.watch_table('t', ?, ?::jsonb || '{\"always\": true}')", t.queue(), options);
    assertThat(t.after(replicated)).containsExactly("INSERT|{\"id\":1,\"v\":\"a\"}", "TRUNCATE|");
  }

  @Test
  void changesOfARowArriveInCommitOrder() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", TABLE, "insert into t values (1, '0')");
    Session a = sessions.open();
    Session b = sessions.open();
    t.events("ev_data");
    a.begin().run("update t set v = v || 'a'");
    b.begin();
    Running second = b.start("update t set v = v || 'b'").awaitBlocked();
    a.run("update t set v = v || 'A'");
    a.commit();
    second.result();
    b.commit();

    assertThat(t.events("ev_data::json ->> 'v'")).isEqualTo(List.of("0a", "0aA", "0aAb"));
  }

  @Test
  void rolledBackChangesAreNotSent() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{}", TABLE);

    assertThat(
            t.after(
                "begin",
                "savepoint a",
                "insert into t values (1, 'a')",
                "rollback to a",
                "insert into t values (2, 'b')",
                "commit",
                "begin",
                "delete from t",
                "rollback"))
        .containsExactly("INSERT|{\"id\":2,\"v\":\"b\"}");
  }
}
