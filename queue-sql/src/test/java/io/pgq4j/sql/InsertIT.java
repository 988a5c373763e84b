package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What producers write, and how they are refused. */
class InsertIT {

  @RegisterExtension static final TestDatabase database = TestDatabase.create();
  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  void allFieldsArriveAsTheyAre() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    long id = s.number("select pgq.insert_event(?, 't', 'd', '1', '2', '3', '4')", q);
    s.run("select pgq.insert_event(?, null, null)", q);
    s.tick(q);

    assertThat(
            s.rows(
                "select ev_id, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3,"
                    + " ev_extra4 from pgq.get_batch_events(?)",
                s.openBatch(q, "c")))
        .containsExactly(id + "||t|d|1|2|3|4", (id + 1) + "|||||||");
  }

  @Test
  void idsOfManyEventsComeInTheOrderOfTheirData() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    List<String> ids = s.rows("select pgq.insert_events(?, 't', array['a', null, 'c', 'b'])", q);
    s.tick(q);

    assertThat(
            s.rows(
                "select ev_id, ev_type, ev_data from pgq.get_batch_events(?)", s.openBatch(q, "c")))
        .containsExactly(
            ids.get(0) + "|t|a", ids.get(1) + "|t|", ids.get(2) + "|t|c", ids.get(3) + "|t|b");
    assertThat(s.rows("select pgq.insert_events(?, 't', '{}')", q)).isEmpty();
  }

  @Test
  void extraFieldsOfManyEventsMayBeNullAsAWhole() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run(
        "select pgq.insert_events(?, array['t', 'u'], array['a', 'b'], array['x', null], null, null,"
            + " array['y', 'z'])",
        q);
    s.tick(q);

    assertThat(
            s.rows(
                "select ev_type, ev_data, ev_extra1, ev_extra2, ev_extra4"
                    + " from pgq.get_batch_events(?)",
                s.openBatch(q, "c")))
        .containsExactly("t|a|x||y", "u|b|||z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "array['t'], array['a', 'b'], null, null, null, null",
        "array['t', 'u'], array['a', 'b'], array['1', '2', '3'], null, null, null",
        "null, array['a', 'b'], null, null, null, array['1']",
        "null, null, array['1'], null, null, null",
      })
  void arraysOfDifferentLengthsAreRefused(String arrays) throws SQLException {
    Session s = sessions.open();
    s.fails("PQ008", "select pgq.insert_events(?, " + arrays + ")", sessions.queue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pgq.insert_event(%s, 't', 'd')",
        "select pgq.insert_events(%s, 't', array['d'])",
      })
  void refusalSaysWhy(String insert) throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.fails("PQ001", insert.formatted("'unknown'"));
    s.fails("PQ008", insert.formatted("null"));
    s.run("select pgq.set_queue_config(?, 'disable_insert', 'true')", q);
    s.fails("PQ005", insert.formatted("'" + q + "'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select pgq.insert_event($q, 't', 'd') from generate_series(1, 2)",
        "select pgq.insert_events($q, 't', array['a', 'b'])",
        "select pgq.insert_event_raw($q, 1, now(), null, null, 't', 'd', '', '', '', '')"
            + " from generate_series(1, 2)",
        "insert into by_statement values (1), (2)",
        "insert into by_row values (1), (2)",
      })
  void transactionHasALimitOfEventsOfAllKinds(String twoEvents) throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue();
    s.run(
        """
        drop table if exists by_statement, by_row;
        create table by_statement (id int);
        create table by_row (id int);
        select pgq.watch_table('by_statement', '$q');
        select pgq.watch_table('by_row', '$q', '{"level": "row"}');
        select pgq.set_queue_config('$q', 'per_tx_limit', '3')"""
            .replace("$q", q));
    String insert = twoEvents.replace("$q", "'" + q + "'");
    s.begin().run(insert);
    s.fails("PQ005", insert);
    s.rollback();
    s.begin().run(insert);
    s.run("savepoint s");
    s.fails("PQ005", insert);
    s.run("rollback to s");
    s.insert(q, "the third one");
    s.commit();

    s.run("select pgq.set_queue_config(?, 'per_tx_limit', null)", q);
    s.begin().run(insert);
    s.run(insert);
    s.commit();
  }

  @Test
  void copyIntoTheCurrentTableNeedsNoIds() throws Exception {
    Session s = sessions.open();
    String q = sessions.queue("c");
    String table = s.text("select pgq.current_event_table(?)", q);
    long first = s.insert(q, "before");
    s.begin();
    long txid = s.number("select txid_current()");
    s.copy(table + " (ev_type, ev_data)", "t\ta\nt\t\\N\n");
    s.commit();
    s.tick(q);

    assertThat(
            s.rows(
                "select ev_id, ev_txid, ev_data from pgq.get_batch_events(?) offset 1",
                s.openBatch(q, "c")))
        .containsExactly("%s|%s|a".formatted(first + 1, txid), "%s|%s|".formatted(first + 2, txid));
  }

  @Test
  void payloadIsOpaque() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    List<String> payloads =
        List.of(
            "",
            "{\"a\": \"\\u0000\", \"a\": \"\\ud800\"}",
            "[".repeat(10_000),
            "1".repeat(131_072),
            "'; drop schema pgq cascade; --",
            "\uD83D\uDE00\u202E $$ \n\t\\");
    for (String payload : payloads) {
      s.insert(q, payload);
    }
    s.tick(q);

    assertThat(s.drain(q, "c")).isEqualTo(payloads);
  }

  @Test
  void largePayloadArrives() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.run("select pgq.insert_event(?, 't', repeat(md5('1'), 2000000))", q);
    s.tick(q);

    assertThat(
            s.rows(
                "select length(ev_data), left(ev_data, 5) from pgq.get_batch_events(?)",
                s.openBatch(q, "c")))
        .containsExactly("64000000|c4ca4");
  }
}
