package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row triggers write PgQ's events for every type, with every option and operation. */
class TriggerDifferentialIT {

  @RegisterExtension static final RealPgq.Extension pgq = new RealPgq.Extension();

  /**
   * Of a function that runs the operations: the driver gives up a connection whose DateStyle is not
   * ISO.
   */
  private static final List<String> SETTINGS =
      List.of(
          "reset all",
          "set datestyle = 'sql, dmy' set timezone = 'Asia/Kolkata' set bytea_output = 'escape'"
              + " set intervalstyle = 'sql_standard' set lc_monetary = 'C'");

  private static final List<String> TRIGGERS =
      List.of(
          "after %s pgq.jsontriga('q'%s)",
          "after %s pgq.logutriga('q'%s)",
          "after %s pgq.sqltriga('q'%s)",
          "before %s pgq.jsontriga('q'%s)");

  private static final List<String> OPTIONS =
      List.of(
          "",
          ", 'backup'",
          ", 'ignore=v'",
          ", 'ignore=w', 'backup'",
          ", 'pkey=v'",
          ", 'pkey=id,v', 'ignore=v'",
          ", 'ev_data=v', 'ev_extra1=v is null', 'ev_type=(select w)'",
          ", 'when=v is not null'");

  private static final List<String> OPERATIONS =
      List.of(
          "insert into t values (1, 'w', %1$s), (2, null, null)",
          "update t set v = v",
          "update t set w = 'x'",
          "update t set v = %2$s where id = 1",
          "update t set v = %1$s, w = 'y' where id = 1",
          "update t set v = null, id = 3 where id = 1",
          "update t set v = null where id = 1",
          "delete from t");

  private static Differential differential;

  @BeforeAll
  static void connect() throws Exception {
    differential = new Differential(pgq.server(), "triggers");
    ask("select pgq.create_queue('q')");
    ask(
        """
        create function attempt(i_sql text) returns text language plpgsql as $$
        begin
          execute i_sql;
          return 'done';
        exception when others then
          return sqlerrm;
        end $$;
        create function events() returns setof text language plpgsql as $$
        begin
          return query
            select concat_ws('|', ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)
            from pgq.event_1 order by ev_id;
          delete from pgq.event_1_0;
        end $$;
        create extension hstore;
        create extension citext;
        create type mood as enum ('sad', 'very happy');
        create type pair as (a numeric, b text);
        create domain small as int check (value < 10);
        create domain moment as timestamptz""");
  }

  @AfterAll
  static void close() throws Exception {
    if (differential != null) {
      System.out.printf("triggers: compared %d calls with PgQ%n", differential.compared());
      differential.close();
    }
  }

  /**
   * The second value is equal to the first by its type where that can be, but written otherwise.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "smallint; -32768; 1",
        "integer; 1; 2",
        "bigint; 9007199254740993; -1",
        "numeric; 1.0; 1.00",
        "numeric; 'NaN'; 'Infinity'",
        "numeric(10,3); 1.5; '-0.001'",
        "real; 'NaN'; 0.1",
        "double precision; '-0'; '0'",
        "double precision; 1e300; '-Infinity'",
        "boolean; true; false",
        "text; E'a\\\\b''c\"d\\n\\t\\r\\b\\f\\u0001\\x7f/% &=+~'; ''",
        "text; 'é😀\u200f'; 'null'",
        "varchar(20); ' v '; 'NULL'",
        "char(5); 'ab'; 'ab '",
        "bpchar; 'ab'; 'ab '",
        "`\"char\"`; 'c'; 'd'",
        "name; 'n'; 'N'",
        "bytea; '\\xdeadbeef5c00'; '\\x'",
        "date; '2024-02-29'; 'infinity'",
        "date; '0044-03-15 BC'; '-infinity'",
        "time; '12:00:00.5'; '24:00'",
        "timetz; '12:00+02'; '10:00+00'",
        "timestamp; '2024-02-29 12:00:00.123456'; 'infinity'",
        "timestamp; '0044-03-15 12:00 BC'; '294276-12-31 23:59:59.999999'",
        "timestamptz; '2024-02-29 12:00:00+02'; '-infinity'",
        "timestamptz; '1880-01-01 00:00+00'; '0044-03-15 12:00 BC'",
        "interval; '1 day'; '24:00'",
        "interval; '1 mon -2 days 03:04:05.678'; '-1 year'",
        "uuid; '00000000-0000-0000-0000-000000000001'; 'ffffffff-0000-0000-0000-000000000001'",
        "json; '{\"b\": 1,  \"a\":null}'; '{\"b\": 1, \"a\":null}'",
        "jsonb; '{\"b\":1.0}'; '{\"b\":1.00}'",
        "int[]; '{1,null,3}'; '[0:1]={1,2}'",
        "numeric[]; '{1.0}'; '{1.00}'",
        "text[]; '{a,\"b c\",null,\"null\",\"\"}'; '{{a},{b}}'",
        "timestamptz[]; '{2024-01-01}'; '{infinity}'",
        "mood; 'very happy'; 'sad'",
        "small; 7; 8",
        "moment; '2024-01-01'; 'infinity'",
        "pair; '(1.0,\"a \"\"b\"\", \\\\\")'; '(1.00,\"a \"\"b\"\", \\\\\")'",
        "pair; '(,)'; '(,\"\")'",
        "pair[]; '{\"(1,a)\"}'; '{}'",
        "int4range; '[1,5)'; 'empty'",
        "numrange; '[1.0,2)'; '[1.00,2)'",
        "tstzrange; '[2024-01-01,)'; '(,)'",
        "nummultirange; '{[1.0,2)}'; '{[1.00,2)}'",
        "hstore; 'a=>1,b=>null'; 'b=>null,a=>1'",
        "citext; 'CiText'; 'citext'",
        "xml; '<a b=\"1\"/>'; '<a/>'",
        "inet; '10.0.0.1'; '::1/64'",
        "cidr; '10.0.0.0/8'; '::/0'",
        "macaddr; '08:00:2b:01:02:03'; '08:00:2b:01:02:04'",
        "money; 12.34; -1",
        "bit(3); B'101'; B'000'",
        "varbit; B'1'; B''",
        "point; '(1,2)'; '(2,1)'",
        "box; '(2,2),(1,1)'; '(3,2),(2,1)'",
        "path; '((0,0),(1,1))'; '((0,0),(1,2))'",
        "oid; 4294967295; 0",
        "regclass; 'pg_class'; 'pgq.queue'",
        "pg_lsn; '0/16'; '0/0'",
        "tsvector; 'a:1 b'; 'b a:1'",
        "jsonpath; '$.a[*]'; '$.b'",
        "xid8; '5'; '6'",
      })
  void eventsOf(String type, String first, String second) throws Exception {
    ask("drop table if exists t");
    ask("create table t (id int primary key, w text, gone int, v " + type + ")");
    ask("alter table t drop column gone");
    for (String settings : SETTINGS) {
      ask("alter function attempt " + settings);
      for (String trigger : TRIGGERS) {
        for (String options : OPTIONS) {
          ask(
              "create or replace trigger t "
                  + trigger.formatted(
                      "insert or update or delete on t for each row execute function", options));
          for (String operation : OPERATIONS) {
            ask("select attempt($sql$" + operation.formatted(first, second) + "$sql$)");
          }
          String events = ask("select * from events()");
          assertThat(options.contains("when=") || !events.isEmpty()).isTrue();
          ask("truncate t"); // not delete: space that is used again would change the order of rows
        }
      }
    }
  }

  private static String ask(String sql) throws Exception {
    Differential.Answers answers = differential.ask(new Differential.Call("", sql, false));
    assertThat(answers.ours())
        .as(sql)
        .isEqualTo(answers.theirs())
        .doesNotContain("syntax error", "connection");
    return answers.ours();
  }
}
