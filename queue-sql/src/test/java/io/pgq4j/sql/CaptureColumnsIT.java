package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a changed row is sent: columns, masks, the old row, changes that matter. */
class CaptureColumnsIT {

  private static final String TABLE = "create table t (id int primary key, v text, secret text)";

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @BeforeEach
  void dropAll() throws SQLException {
    sessions.open().run("drop table if exists t");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void onlyTheColumnsAskedForAreSent(String level) throws SQLException {
    Watched t = watched(level, "\"columns\": [\"v\", \"id\"], \"old_row\": true");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra2",
                "insert into t values (1, 'a', 'x')",
                "alter table t add later text default 'l'",
                "update t set v = 'b'",
                "delete from t"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\"}|",
            "UPDATE|{\"id\":1,\"v\":\"b\"}|{\"id\":1,\"v\":\"a\"}",
            "DELETE|{\"id\":1,\"v\":\"b\"}|");
  }

  /** A name alone would be the column; one of a composite type would be sent instead of the row. */
  @Test
  @Plant(in = "capture()", replace = "row_to_json\\((n|o)\\.\\*\\)", by = "row_to_json($1)")
  @Plant(in = "capture_rows()", replace = "row_to_json\\(n\\.\\*\\)", by = "row_to_json(n)")
  void columnsMayBeCalledAsOurAliases() throws SQLException {
    rowsAreSentWhateverTheirColumnsAreCalled("{\"old_row\": true}");
  }

  @Test
  @Plant(
      in = "capture_sql(text, text)",
      replace = "row_to_json\\((n|o)\\.\\*\\)",
      by = "row_to_json($1)")
  void columnsMayBeCalledAsOurAliasesUnderACondition() throws SQLException {
    rowsAreSentWhateverTheirColumnsAreCalled(
        "{\"old_row\": true, \"where\": \"o < 2 and (n).a > 0\"}");
  }

  private void rowsAreSentWhateverTheirColumnsAreCalled(String options) throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            options,
            "drop type if exists pair",
            "create type pair as (a int, b int)",
            "create table t (id int primary key, n pair, o int, i int, j int, e int)");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra2",
                "insert into t values (1, (5, 6), 1, 2, 3, 4)",
                "update t set i = 7",
                "delete from t"))
        .containsExactly(
            "INSERT|{\"id\":1,\"n\":{\"a\":5,\"b\":6},\"o\":1,\"i\":2,\"j\":3,\"e\":4}|",
            "UPDATE|{\"id\":1,\"n\":{\"a\":5,\"b\":6},\"o\":1,\"i\":7,\"j\":3,\"e\":4}"
                + "|{\"id\":1,\"n\":{\"a\":5,\"b\":6},\"o\":1,\"i\":2,\"j\":3,\"e\":4}",
            "DELETE|{\"id\":1,\"n\":{\"a\":5,\"b\":6},\"o\":1,\"i\":7,\"j\":3,\"e\":4}|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void maskedColumnStaysAndItsValueIsReplaced(String level) throws SQLException {
    Watched t = watched(level, "\"mask\": [\"secret\"], \"old_row\": true");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra2",
                "insert into t values (1, 'a', null)",
                "update t set secret = 'y'",
                "delete from t"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\",\"secret\":null}|",
            "UPDATE|{\"id\":1,\"v\":\"a\",\"secret\":\"***\"}|{\"id\":1,\"v\":\"a\",\"secret\":null}",
            "DELETE|{\"id\":1,\"v\":\"a\",\"secret\":\"***\"}|");
  }

  /** Whatever is combined with it, and in every statement: whole events are searched. */
  @Test
  @Plant(
      in = "update_events(json, json, boolean, boolean, text[], jsonb, text)",
      replace = "pgq.shaped\\(i_old, i_columns\\)",
      by = "i_old::text")
  @Plant(
      in = "update_events(json, json, boolean, boolean, text[], jsonb, text)",
      replace = "pgq.shaped\\(i_old, m.changed\\)",
      by = "i_old::text")
  @Plant(
      in = "update_events(json, json, boolean, boolean, text[], jsonb, text)",
      replace = "pgq.shaped\\(e.ev_row, i_columns\\)",
      by = "e.ev_row::text")
  @Plant(in = "shaped(json, jsonb)", replace = "i_columns -> c.key = 'true'", by = "false")
  void secretIsNowhereInAnEvent() throws SQLException {
    List<String> options =
        List.of(
            "\"mask\": [\"secret\"]",
            "\"ignore\": [\"secret\"]",
            "\"columns\": [\"id\", \"secret\"], \"mask\": [\"secret\"]",
            "\"mask\": [\"secret\"], \"ignore\": [\"secret\"]",
            "\"mask\": [\"secret\"], \"key\": [\"secret\"]",
            "\"mask\": [\"secret\"], \"where\": \"id > 0\"");
    for (String option : options) {
      for (String level : List.of("statement", "row")) {
        for (String old : List.of("true", "\"changed\"")) {
          dropAll();
          Watched t = watched(level, option + ", \"old_row\": " + old);

          assertThat(
                  t.columnsAfter(
                      "to_json(get_batch_events)",
                      "insert into t values (1, 'a', 'Secret 1'), (2, 'b', 'Secret 2')",
                      "update t set secret = secret || ' new'",
                      "update t set v = 'x'",
                      "update t set id = id + 10",
                      "insert into t values (11, 'd', 'Secret 4')"
                          + " on conflict (id) do update set secret = excluded.secret",
                      "alter table t drop column v",
                      "alter table t rename secret to innocent",
                      "update t set innocent = 'Secret 5' where id = 12",
                      "delete from t"))
              .as("%s %s %s", option, level, old)
              .hasSizeGreaterThan(8)
              .noneMatch(event -> event.contains("Secret"));
        }
      }
    }
  }

  @Test
  void columnsAddedLaterAreSentWhileTheIgnoredOneIsThere() throws SQLException {
    Watched t = watched("statement", "\"ignore\": [\"secret\"]");

    assertThat(
            t.after(
                "alter table t add later text default 'l'",
                "insert into t values (1, 'a', 'x')",
                "alter table t drop secret",
                "insert into t values (2, 'b', 'm')"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\",\"later\":\"l\"}", "INSERT|{\"id\":2,\"v\":\"b\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void changedColumnsAreSentWithTheirOldValues(String level) throws SQLException {
    Watched t = watched(level, "\"old_row\": \"changed\"");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra2",
                "insert into t values (1, 'a', null)",
                "update t set v = 'b', secret = 's'",
                "update t set v = v",
                "update t set id = 2"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\",\"secret\":null}|",
            "UPDATE|{\"id\":1,\"v\":\"b\",\"secret\":\"s\"}|{\"v\":\"a\",\"secret\":null}",
            "UPDATE|{\"id\":1,\"v\":\"b\",\"secret\":\"s\"}|{}",
            "DELETE|{\"id\":1,\"v\":\"b\",\"secret\":\"s\"}|",
            "INSERT|{\"id\":2,\"v\":\"b\",\"secret\":\"s\"}|");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void updateOfNothingThatIsSentMakesNoEventWhenAsked(String level) throws SQLException {
    Watched t = watched(level, "\"ignore\": [\"secret\"], \"skip_unchanged\": true");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra2",
                "insert into t values (1, 'a', 'x'), (2, 'b', 'y')",
                "update t set secret = 'z'",
                "update t set v = 'a'",
                "update t set id = id"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\"}|",
            "INSERT|{\"id\":2,\"v\":\"b\"}|",
            "UPDATE|{\"id\":2,\"v\":\"a\"}|");
  }

  /** A masked column is sent: that it changed is seen, not to what. */
  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void changeOfAMaskedColumnIsSent(String level) throws SQLException {
    Watched t =
        watched(
            level, "\"mask\": [\"secret\"], \"skip_unchanged\": true, \"old_row\": \"changed\"");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra2",
                "insert into t values (1, 'a', 'x')",
                "update t set secret = 'x'",
                "update t set secret = 'y'"))
        .containsExactly(
            "INSERT|{\"id\":1,\"v\":\"a\",\"secret\":\"***\"}|",
            "UPDATE|{\"id\":1,\"v\":\"a\",\"secret\":\"***\"}|{\"secret\":\"***\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"statement", "row"})
  void rowsThatEnterOrLeaveTheConditionAreInsertedOrDeleted(String level) throws SQLException {
    Watched t =
        watched(level, "\"where\": \"v = 'in'\", \"ignore\": [\"v\"], \"skip_unchanged\": true");

    assertThat(
            t.after(
                "insert into t values (1, 'in', 'a'), (2, 'out', 'b'), (3, null, 'c')",
                "update t set v = 'in' where id = 2",
                "update t set secret = 'x'",
                "update t set v = null where id = 1",
                "update t set id = 4 where id = 2",
                "update t set id = 5, v = 'out' where id = 4",
                "update t set id = 6, v = 'in' where id = 3"))
        .containsExactly(
            "INSERT|{\"id\":1,\"secret\":\"a\"}",
            "INSERT|{\"id\":2,\"secret\":\"b\"}",
            "UPDATE|{\"id\":1,\"secret\":\"x\"}",
            "UPDATE|{\"id\":2,\"secret\":\"x\"}",
            "DELETE|{\"id\":1,\"secret\":\"x\"}",
            "DELETE|{\"id\":2,\"secret\":\"x\"}",
            "INSERT|{\"id\":4,\"secret\":\"x\"}",
            "DELETE|{\"id\":4,\"secret\":\"x\"}",
            "INSERT|{\"id\":6,\"secret\":\"x\"}");
  }

  @Test
  void replicatedWritesAreShapedToo() throws SQLException {
    Watched t = watched("row", "\"mask\": [\"secret\"], \"always\": true");

    assertThat(
            t.after(
                "set session_replication_role = replica",
                "insert into t values (1, 'a', 'x')",
                "reset session_replication_role"))
        .containsExactly("INSERT|{\"id\":1,\"v\":\"a\",\"secret\":\"***\"}");
  }

  @Test
  void asManyColumnsAsThereCanBe() throws SQLException {
    String columns =
        IntStream.rangeClosed(1, 1600)
            .mapToObj(i -> "c" + i + " text")
            .collect(Collectors.joining(","));
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{\"mask\": [\"c1600\"], \"ignore\": [\"c1\"], \"old_row\": \"changed\"}",
            "create table t (" + columns + ")");

    assertThat(
            t.columnsAfter(
                "ev_type, (select count(*) from json_each(ev_data::json)),"
                    + " ev_data::json ->> 'c1600', ev_extra2",
                "insert into t (c1, c1600) values ('1', 'x')",
                "update t set c1 = '2', c3 = '3', c1600 = 'y'"))
        .containsExactly("INSERT|1599|***|", "UPDATE|1599|***|{\"c3\":null,\"c1600\":\"***\"}");
  }

  @Test
  void virtualColumnsAreLeftOutWhereTheServerHasThem() throws SQLException {
    if (sessions.open().number("show server_version_num") < 180000) {
      return;
    }
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{\"old_row\": \"changed\"}",
            "create table t (id int primary key, d int generated always as (id * 2) virtual)");

    assertThat(t.after("insert into t values (1)")).containsExactly("INSERT|{\"id\":1}");
  }

  @Test
  void strangeColumnNamesAndValuesAreShapedAsTheyAre() throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{\"ignore\": [\"'; --\"], \"mask\": [\"\\\"{\"]}",
            "create table t (\"'; --\" text, \"\"\"{\" numeric, \"a,b\" jsonb, \"\\\" text[])");

    assertThat(t.after("insert into t values ('s', 1.50, '{\"x\": [1.0]}', '{a,NULL}')"))
        .containsExactly("INSERT|{\"\\\"{\":\"***\",\"a,b\":{\"x\": [1.0]},\"\\\\\":[\"a\",null]}");
  }

  private Watched watched(String level, String options) throws SQLException {
    return Watched.table(sessions, "t", "{\"level\": \"" + level + "\", " + options + "}", TABLE);
  }
}
