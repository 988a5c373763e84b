package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Prepared transactions, on a server that allows them. */
class TwoPhaseIT {

  @RegisterExtension
  static final TestDatabase database =
      TestDatabase.create().onServerWith(Map.of("max_prepared_transactions", "10"));

  @RegisterExtension final Sessions sessions = new Sessions(database);

  @Test
  @Plant(
      in = "wake_ticker()",
      replace = "current_setting\\('max_prepared_transactions'\\) = '0'",
      by = "true")
  void preparedEventsArriveAfterTheirCommitAtOnce() throws SQLException {
    Session producer = sessions.open();
    Session ticker = sessions.open();
    String q = sessions.queue("c");
    producer.run("create table if not exists t (id int)");
    producer.run("select pgq.watch_table('t', ?)", q);
    ticker.run("listen pgq_ticker");
    ticker.run("select * from pgq.ticker_state(true)");
    producer.begin();
    producer.insert(q, "x");
    producer.run("insert into t values (1)");
    producer.run("prepare transaction 'events'");

    assertThat(ticker.text("select due, open from pgq.ticker_state(true)")).isEqualTo("f|t");
    ticker.insert(q, "early");
    ticker.tick(q);
    assertThat(ticker.isDue(q)).isFalse();
    producer.run("commit prepared 'events'");
    assertThat(ticker.text("select due, open from pgq.ticker_state(true)")).isEqualTo("t|f");
    ticker.tick(q);
    assertThat(ticker.batches(q, "c"))
        .containsExactly(List.of("early"), List.of("x", "{\"id\":1}"));
    assertThat(ticker.notifications()).isEmpty();
    producer.run("drop table t");
  }

  @Test
  void preparedEventsThatAreRolledBackReachNobody() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.begin();
    s.insert(q, "x");
    s.run("prepare transaction 'gone'");
    s.insert(q, "y");
    s.tick(q);
    s.run("rollback prepared 'gone'");
    s.run("select pgq.ticker(?)", q);

    assertThat(s.drain(q, "c")).containsExactly("y");
  }

  @Test
  void tableThatAPreparedTransactionWroteToIsNotEmptied() throws SQLException {
    Session s = sessions.open();
    String q = sessions.queue("c");
    s.begin();
    s.insert(q, "prepared");
    s.run("prepare transaction 'long'");
    for (int i = 1; i <= 3; i++) {
      s.insert(q, "x" + i);
      s.tick(q);
      s.drain(q, "c");
      assertThat(s.rotate(q)).as("rotation %s", i).isEqualTo(i < 3);
    }
    s.run("commit prepared 'long'");
    assertThat(s.rotate(q)).isFalse();
    s.tick(q);

    assertThat(s.drain(q, "c")).containsExactly("prepared");
    assertThat(s.rotate(q)).isTrue();
  }
}
