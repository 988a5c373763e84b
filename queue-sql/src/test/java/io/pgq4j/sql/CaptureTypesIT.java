package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every type and every shape of a table goes through the trigger. */
class CaptureTypesIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @BeforeEach
  void dropAll() throws SQLException {
    sessions
        .open()
        .run("drop table if exists t; drop type if exists mood, pair; drop domain if exists small");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "bigint; 9007199254740993; 9007199254740993",
        "numeric; 'NaN'; \"NaN\"",
        "numeric; '-Infinity'; \"-Infinity\"",
        "numeric; 1.10; 1.10",
        "float8; 'Infinity'; \"Infinity\"",
        "float8; 0.1; 0.1",
        "date; 'infinity'; \"infinity\"",
        "date; '0044-03-15 BC'; \"0044-03-15 BC\"",
        "timestamp; '2024-02-29 12:00:00.123456'; \"2024-02-29T12:00:00.123456\"",
        "timestamptz; '-infinity'; \"-infinity\"",
        "interval; '1 mon -2 days'; \"1 mon -2 days\"",
        "bytea; '\\x00ff'; \"\\\\x00ff\"",
        "int[]; '{1,null,3}'; [1,null,3]",
        "text[]; '{{a,null},{\"b c\",\"\"}}'; [[\"a\",null],[\"b c\",\"\"]]",
        "json; '{\"b\": 1, \"a\": 1, \"b\": 2}'; {\"b\": 1, \"a\": 1, \"b\": 2}",
        "jsonb; '{\"b\": 1.0, \"a\": [null]}'; {\"a\": [null], \"b\": 1.0}",
        "int4range; '[1,5)'; \"[1,5)\"",
        "uuid; '00000000-0000-0000-0000-000000000001'; \"00000000-0000-0000-0000-000000000001\"",
        "inet; '::1/64'; \"::1/64\"",
        "bit(3); B'101'; \"101\"",
        "boolean; null; null",
        "char(3); 'a'; \"a  \"",
        "text; E'\"\\\\\\n\\u0001'; \"\\\"\\\\\\n\\u0001\"",
        "text; '\\u0000'; \"\\\\u0000\"",
        "mood; 'sad'; \"sad\"",
        "small; 7; 7",
        "pair; '(1,x)'; {\"a\":1,\"b\":\"x\"}",
        "pair[]; array[(1,null)::pair]; [{\"a\":1,\"b\":null}]",
        "tsvector; 'a:1'; \"'a':1\"",
        "point; '(1,2)'; \"(1,2)\"",
        "money; 1; \"$1.00\"",
        "oid; 4294967295; `\"4294967295\"`",
        "pg_lsn; '0/1'; \"0/1\"",
      })
  void valueOf(String type, String value, String json) throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{}",
            "create type mood as enum ('sad')",
            "create domain small as int check (value < 10)",
            "create type pair as (a int, b text)",
            "create table t (v " + type + ")",
            "set lc_monetary = 'C'");
    assertThat(t.after("insert into t values (" + value + ")"))
        .containsExactly("INSERT|{\"v\":" + json + "}");
  }

  @Test
  void xmlIfThisServerHasIt() throws SQLException {
    Session s = sessions.open();
    assumeTrue(
        s.truth("select setting like '%libxml%' from pg_config where name = 'CONFIGURE'"),
        "PostgreSQL was built without libxml");
    Watched t = Watched.table(sessions, "t", "{}", "create table t (v xml)");

    assertThat(t.after("insert into t values ('<a b=\"1\"/>')"))
        .containsExactly("INSERT|{\"v\":\"<a b=\\\"1\\\"/>\"}");
  }

  @Test
  void hstoreIfThisServerHasIt() throws SQLException {
    Session s = sessions.open();
    assumeTrue(
        !s.text("select 1 from pg_available_extensions where name = 'hstore'").isEmpty(),
        "the extension hstore is not there");
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{}",
            "create extension if not exists hstore",
            "create table t (v hstore)");

    assertThat(t.after("insert into t values ('a=>1, b=>null')"))
        .containsExactly("INSERT|{\"v\":{\"a\": \"1\", \"b\": null}}");
  }

  @Test
  void generatedAndDroppedColumns() throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{\"old_row\": true}",
            "create table t (gone int, id int primary key, d int generated always as (id * 2) stored)",
            "alter table t drop column gone");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra2",
                "insert into t values (1)",
                "alter table t add v text default 'x'",
                "update t set v = 'y'",
                "alter table t rename v to w",
                "update t set w = 'z'",
                "alter table t drop column w",
                "delete from t"))
        .containsExactly(
            "INSERT|{\"id\":1,\"d\":2}|",
            "UPDATE|{\"id\":1,\"d\":2,\"v\":\"y\"}|{\"id\":1,\"d\":2,\"v\":\"x\"}",
            "UPDATE|{\"id\":1,\"d\":2,\"w\":\"z\"}|{\"id\":1,\"d\":2,\"w\":\"y\"}",
            "DELETE|{\"id\":1,\"d\":2}|");
  }

  @Test
  void columnsMayChangeInOneSession() throws SQLException {
    Watched t = Watched.table(sessions, "t", "{\"level\": \"row\"}", "create table t (id int)");

    assertThat(
            t.after(
                "insert into t values (1)",
                "alter table t add v text",
                "insert into t values (2, 'a')",
                "alter table t alter id type text",
                "insert into t values ('3', 'b')"))
        .containsExactly(
            "INSERT|{\"id\":1}",
            "INSERT|{\"id\":2,\"v\":\"a\"}",
            "INSERT|{\"id\":\"3\",\"v\":\"b\"}");
  }

  @Test
  void unchangedLargeValueComesWhole() throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "t",
            "{\"old_row\": true}",
            "create table t (id int, v text)",
            "alter table t alter v set storage external",
            "insert into t values (1, repeat('0123456789', 10000))");

    assertThat(
            t.columnsAfter(
                "length(ev_data::json ->> 'v'), length(ev_extra2::json ->> 'v')",
                "update t set id = 2"))
        .contains("100000|100000");
  }

  @Test
  void asManyColumnsAsThereCanBe() throws SQLException {
    String columns =
        IntStream.rangeClosed(1, 1600)
            .mapToObj(i -> "c" + i + " bool")
            .collect(Collectors.joining(","));
    Watched t = Watched.table(sessions, "t", "{}", "create table t (" + columns + ")");

    assertThat(
            t.columnsAfter(
                "ev_type, (select count(*) from json_each(ev_data::json)),"
                    + " ev_data::json ->> 'c1600'",
                "insert into t (c1600) values (true)",
                "update t set c1600 = false"))
        .containsExactly("INSERT|1600|true", "UPDATE|1600|false");
  }

  @Test
  void tableWithoutAKey() throws SQLException {
    Watched t =
        Watched.table(
            sessions, "t", "{}", "create table t (id int)", "insert into t values (1), (1)");

    assertThat(
            t.columnsAfter("ev_type, ev_data, ev_extra3", "update t set id = 2", "delete from t"))
        .isEqualTo(
            List.of(
                "UPDATE|{\"id\":2}|",
                "UPDATE|{\"id\":2}|",
                "DELETE|{\"id\":2}|",
                "DELETE|{\"id\":2}|"));
  }

  @Test
  void strangeNamesOfColumnsAndTables() throws SQLException {
    Watched t =
        Watched.table(
            sessions,
            "\"T \"\"; $$ --\"",
            "{\"key\": [\"i\", \"N \\\"'\"], \"ignore\": [\"j\"]}",
            "create table \"T \"\"; $$ --\" (i int, j int, \"N \"\"'\" int)");

    assertThat(
            t.columnsAfter(
                "ev_type, ev_data, ev_extra1, ev_extra3",
                "insert into \"T \"\"; $$ --\" values (1, 2, 3)",
                "update \"T \"\"; $$ --\" set j = 4",
                "drop table \"T \"\"; $$ --\""))
        .containsExactly(
            "INSERT|{\"i\":1,\"N \\\"'\":3}|public.\"T \"\"; $$ --\"|i,N \"'",
            "UPDATE|{\"i\":1,\"N \\\"'\":3}|public.\"T \"\"; $$ --\"|i,N \"'");
  }
}
