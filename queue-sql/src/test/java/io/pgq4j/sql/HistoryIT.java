package io.pgq4j.sql;

import io.pgq4j.testing.TestDatabase;
import io.pgq4j.testing.history.HistoryRun;
import io.pgq4j.testing.history.Role;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Everyone at once: {@code -Dpgq.history=PT2H} says for how long, {@code -Dpgq.history.seed=…}
 * repeats what the actors try.
 */
class HistoryIT {

  @RegisterExtension
  static final TestDatabase database =
      TestDatabase.create().onServerWith(Map.of("max_prepared_transactions", "20"));

  @Test
  void everyPromiseIsKept() throws Exception {
    Duration length = Duration.parse(System.getProperty("pgq.history", "PT1M"));
    long seed = Long.getLong("pgq.history.seed", new Random().nextLong());
    String counts =
        HistoryRun.of(database.dataSource())
            .lasting(length)
            .seed(seed)
            .with(Role.PRODUCER, 4)
            .with(Role.LONG_PRODUCER, 2)
            .with(Role.TICKER, 2)
            .with(Role.PLAIN, 2)
            .with(Role.LAGGING, 1)
            .with(Role.TWIN, 2)
            .with(Role.MEMBER, 3)
            .with(Role.TRANSACTIONAL, 1)
            .with(Role.PROBER, 1)
            .with(Role.NEWCOMER, 1)
            .with(Role.OLD_TICKER, 1)
            .with(Role.HELD_SNAPSHOT, 1)
            .with(Role.DUMP, 1)
            .with(Role.TERMINATION, 1)
            .run();
    System.out.println("A history of " + length + ": " + counts);
  }
}
