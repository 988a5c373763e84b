package io.pgq4j.ticker;

import static io.pgq4j.ticker.Sql.awaitTick;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Where NOTIFY would make PREPARE TRANSACTION fail, the ticker finds events without being woken.
 */
class PreparedTransactionsIT {
  @RegisterExtension
  static final TestDatabase database =
      TestDatabase.create().onServerWith(Map.of("max_prepared_transactions", "5"));

  @Test
  void aPreparedTransactionIsTickedOnceItIsCommitted() throws SQLException {
    TickerConfig config = TickerConfig.builder().heartbeat(Duration.ofHours(1)).build();
    try (Connection session = database.connect();
        Connection listening = database.connect();
        Ticker ticker = Ticker.create(database.dataSource(), config)) {
      run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
      run(listening, "listen pgq_tick");
      ticker.start();
      run(session, "select pgq.insert_event('q', 't', 'plain')");
      awaitTick(listening, "q");
      run(
          session,
          "begin; select pgq.insert_event('q', 't', 'prepared'); prepare transaction 'two-phase'");
      run(session, "select pgq.insert_event('q', 't', 'plain')");
      awaitTick(listening, "q");

      run(session, "commit prepared 'two-phase'");

      awaitTick(listening, "q");
      assertThat(one(session, "select pgq.next_batch('q', 'c') is not null")).isEqualTo("t");
      assertThat(one(session, "select last_value from pgq.ticker_armed"))
          .as("nobody would look at the flag")
          .isEqualTo("0");
    }
  }
}
