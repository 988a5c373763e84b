package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.util.PSQLException;

/** PgQ's row triggers, on every version of PostgreSQL: what they write, and what they refuse. */
class TriggersIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  private Session s;
  private String queue;

  @BeforeEach
  void table() throws SQLException {
    s = sessions.open();
    queue = sessions.queue("c");
    s.run("drop table if exists t");
    s.run("create table t (id int primary key, n numeric, ok bool, at timestamptz, v text)");
    s.run("set timezone = 'UTC'");
  }

  private void trigger(String when, String function, String options) throws SQLException {
    s.run(
        "create trigger t %s insert or update or delete on t for each row execute function pgq.%s('%s'%s)"
            .formatted(when, function, queue, options));
  }

  private List<String> after(String... statements) throws SQLException {
    for (String statement : statements) {
      s.run(statement);
    }
    s.run("select pgq.force_tick(?), pgq.ticker(?)", queue, queue);
    List<String> events =
        s.rows(
            "select ev_type, ev_data, ev_extra1, ev_extra2 from pgq.get_batch_events(?)",
            s.nextBatch(queue, "c"));
    s.run("truncate t");
    return events;
  }

  private static final String[] CHANGES = {
    "insert into t values (1, 'NaN', true, '2024-02-29 12:00', 'a \"b\", \\c''')",
    "update t set v = null, n = 1.50",
    "delete from t"
  };

  @Test
  void jsontriga() throws SQLException {
    trigger("after", "jsontriga", ", 'backup', 'ignore=n'");
    String row =
        "{\"id\":1,\"ok\":true,\"at\":\"2024-02-29T12:00:00+00:00\",\"v\":\"a \\\"b\\\", \\\\c'\"}";
    String updated = "{\"id\":1,\"ok\":true,\"at\":\"2024-02-29T12:00:00+00:00\",\"v\":null}";
    String type = "{\"op\":\"%s\",\"table\":[\"public\",\"t\"],\"pkey\":[\"id\"]}|";
    assertThat(after(CHANGES))
        .containsExactly(
            type.formatted("INSERT") + row + "|public.t|",
            type.formatted("UPDATE") + updated + "|public.t|" + row,
            type.formatted("DELETE") + updated + "|public.t|");
  }

  @Test
  void logutriga() throws SQLException {
    trigger("after", "logutriga", "");
    assertThat(after(CHANGES))
        .containsExactly(
            "I:id|id=1&n=NaN&ok=t&at=2024-02-29+12%3a00%3a00%2b00&v=a+%22b%22%2c+%5cc%27|public.t|",
            "U:id|id=1&n=1.50&ok=t&at=2024-02-29+12%3a00%3a00%2b00&v|public.t|",
            "D:id|id=1&n=1.50&ok=t&at=2024-02-29+12%3a00%3a00%2b00&v|public.t|");
  }

  @Test
  void sqltriga() throws SQLException {
    trigger("after", "sqltriga", "");
    assertThat(after(CHANGES))
        .containsExactly(
            "I|(id,n,ok,at,v) values ('1','NaN','t','2024-02-29 12:00:00+00',E'a \"b\", \\\\c''')|public.t|",
            "U|n='1.50',v=NULL where id='1'|public.t|",
            "D|id='1'|public.t|");
  }

  @Test
  void logtrigaTakesColumnsByTheirPlaces() throws SQLException {
    trigger("after", "logtriga", ", 'kvi'");
    assertThat(after(CHANGES))
        .containsExactly(
            "I|(id,n) values ('1','NaN')|public.t|",
            "U|n='1.50' where id='1'|public.t|",
            "D|id='1'|public.t|");
  }

  @Test
  void stringsOfTheSessionMayBeOfTheOldKind() throws SQLException {
    s.run("set standard_conforming_strings = off");
    trigger("after", "logutriga", ", 'ev_extra2=upper(v)'");
    assertThat(after("insert into t (id, v) values (1, E'a \\\\ \"b')"))
        .containsExactly("I:id|id=1&n&ok&at&v=a+%5c+%22b|public.t|A \\ \"B");
  }

  @Test
  void skippedOperationIsAnEventOnly() throws SQLException {
    trigger("before", "sqltriga", ", 'SKIP', 'when=id > 1'");
    assertThat(
            after(
                "insert into t (id) values (1), (2)", "insert into t (id) select count(*) from t"))
        .containsExactly("I|(id,n,ok,at,v) values ('2',null,null,null,null)|public.t|");
  }

  @Test
  void localSessionsMakeNoEvents() throws SQLException {
    trigger("before", "sqltriga", ", 'SKIP'");
    s.run("alter table t enable always trigger t");
    s.run("set session_replication_role = local");
    s.run("insert into t (id) values (7)");
    s.run("reset session_replication_role");
    assertThat(s.rows("select id from t")).containsExactly("7");
    s.run("alter table t disable trigger t");
  }

  @Test
  void changedKeyIsRefused() throws SQLException {
    trigger("after", "jsontriga", "");
    s.run("insert into t (id) values (1)");
    assertThatThrownBy(() -> s.run("update t set id = 2"))
        .hasMessageContaining("primary key update not allowed")
        .extracting(e -> ((PSQLException) e).getSQLState())
        .isEqualTo("PQ008");
  }

  @Test
  void expressionsRunWithTheRightsOfTheWriter() throws SQLException {
    trigger("after", "jsontriga", ", 'ev_data=current_user'");
    s.run("drop role if exists triggers_writer");
    s.run("create role triggers_writer in role pgq_writer");
    s.run("grant all on t to triggers_writer");
    s.run("set role triggers_writer");
    s.run("insert into t (id) values (1)");
    s.run("reset role");
    assertThat(after()).allMatch(event -> event.contains("|triggers_writer|")).hasSize(1);
    s.run("drop table t");
    s.run("drop role triggers_writer");
    s.run("create table t (id int)");
  }
}
