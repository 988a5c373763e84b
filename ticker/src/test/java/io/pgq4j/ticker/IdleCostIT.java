package io.pgq4j.ticker;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.awaitArmed;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdleCostIT {
  private static final Duration HEARTBEAT = Duration.ofMillis(200);
  private static final Duration FIVE_HEARTBEATS = HEARTBEAT.multipliedBy(5);

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  /**
   * It is the rate that counts: in the default configuration the heartbeat is fifty times longer.
   */
  @Test
  void anIdleTickerAsksOneQuestionPerHeartbeat() throws SQLException {
    AtomicInteger executed = new AtomicInteger();
    try (Connection session = database.connect();
        Ticker ticker =
            Ticker.create(
                Proxies.counting(database.dataSource(), executed),
                TickerConfig.builder().heartbeat(HEARTBEAT).build())) {
      for (int i = 0; i < 10; i++) {
        run(
            session,
            "select pgq.create_queue('q%1$d'), pgq.register_consumer('q%1$d', 'c')".formatted(i));
      }
      ticker.start();
      awaitArmed(session);

      Duration took = Duration.ZERO;
      // The first rounds of maintenance and compaction belong to the start.
      for (int tries = 0; tries < 10 && took.compareTo(FIVE_HEARTBEATS) < 0; tries++) {
        int before = executed.get();
        long began = System.nanoTime();
        await("six questions", () -> executed.get() >= before + 6);
        took = Duration.ofNanos(System.nanoTime() - began);
      }

      assertThat(took).as("for six questions").isGreaterThan(FIVE_HEARTBEATS);
    }
  }
}
