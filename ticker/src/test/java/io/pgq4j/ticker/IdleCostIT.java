package io.pgq4j.ticker;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.awaitArmed;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.TickerState.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdleCostIT {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration FIVE_INTERVALS = INTERVAL.multipliedBy(5);

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  /**
   * It is the rate that counts. By default the heartbeat is 10 s and a standby's interval 1.5 s:
   * with both, three questions in four seconds.
   */
  @Test
  void anIdleTickerAsksOneQuestionPerHeartbeat() throws SQLException {
    AtomicInteger executed = new AtomicInteger();
    try (Connection session = database.connect();
        Ticker ticker =
            Ticker.create(
                Proxies.counting(database.dataSource(), executed),
                TickerConfig.builder().heartbeat(INTERVAL).build())) {
      for (int i = 0; i < 10; i++) {
        run(
            session,
            "select pgq.create_queue('q%1$d'), pgq.register_consumer('q%1$d', 'c')".formatted(i));
      }
      ticker.start();
      awaitArmed(session);

      Duration took = untilAskedSixTimes(executed);

      assertThat(took).as("for six questions").isGreaterThan(FIVE_INTERVALS);
    }
  }

  @Test
  void aStandbyAsksOneQuestionPerInterval() throws SQLException {
    AtomicInteger executed = new AtomicInteger();
    TickerConfig config = TickerConfig.builder().standbyInterval(INTERVAL).build();
    try (Ticker leader = Ticker.create(database.dataSource(), config);
        Ticker standby = Ticker.create(Proxies.counting(database.dataSource(), executed), config)) {
      leader.start();
      await("a leader", () -> leader.state().role() == Role.LEADER);
      standby.start();
      await("a standby", () -> standby.state().role() == Role.STANDBY);

      assertThat(untilAskedSixTimes(executed)).as("six questions").isGreaterThan(FIVE_INTERVALS);
    }
  }

  /** The first rounds of maintenance and compaction belong to the start. */
  private static Duration untilAskedSixTimes(AtomicInteger executed) {
    Duration took = Duration.ZERO;
    for (int tries = 0; tries < 10 && took.compareTo(FIVE_INTERVALS) < 0; tries++) {
      int before = executed.get();
      long began = System.nanoTime();
      await("six questions", () -> executed.get() >= before + 6);
      took = Duration.ofNanos(System.nanoTime() - began);
    }
    return took;
  }
}
