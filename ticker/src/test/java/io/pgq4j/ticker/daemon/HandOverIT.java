package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.awaitTick;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two processes, one of which leads, and what happens to it. */
class HandOverIT {
  private static final String LEADERS_PROCESS =
      "select pid from pg_locks where locktype = 'advisory' and objsubid = 1"
          + " and (classid::bigint << 32) | objid::bigint = 8099566924954430322";

  @RegisterExtension static final FaultyServer server = FaultyServer.with();

  private Traffic traffic;
  private DaemonProcess first;
  private DaemonProcess second;

  @BeforeEach
  void startTwo() throws Exception {
    traffic = Traffic.on(server.database());
    first = server.ticker(server.postgres().port());
    first.awaitSaid("leading");
    second = server.ticker(server.postgres().port());
    second.awaitSaid("standing by");
    traffic.insertAndAwait(5);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
  }

  @Test
  void aLeaderThatIsStoppedHandsOver() throws Exception {
    System.out.printf("a tick %d ms after SIGTERM%n", untilNextTick("TERM").toMillis());

    assertThat(first.exitCode()).isZero();
    System.out.printf(
        "leading %d ms after the other one gave up the lead%n",
        Duration.between(timeOf(first, "gave up the lead"), timeOf(second, "leading")).toMillis());
    traffic.insertAndAwait(5);
  }

  @Test
  void aLeaderThatIsKilledIsReplaced() throws Exception {
    System.out.printf("a tick %d ms after SIGKILL%n", untilNextTick("KILL").toMillis());

    traffic.insertAndAwait(5);
  }

  /** It believes that it leads until it looks. */
  @Test
  void aLeaderThatWasPausedAndReplacedStandsByWhenItWakes() throws Exception {
    try (Connection session = server.database().getConnection()) {
      first.signal("STOP");
      traffic.insert(5);
      run(session, "select pg_terminate_backend(%s)".formatted(one(session, LEADERS_PROCESS)));
      second.awaitSaid("leading");
      traffic.insertAndAwait(20);

      first.signal("CONT");
      traffic.insert(20);
      first.awaitSaid("standing by");
      traffic.insertAndAwait(20);
      assertThat(one(session, "select count(*) from (%s) leaders".formatted(LEADERS_PROCESS)))
          .isEqualTo("1");
    }
  }

  private static Instant timeOf(DaemonProcess daemon, String words) {
    String line =
        daemon.said().stream().filter(said -> said.contains(words)).findFirst().orElseThrow();
    return OffsetDateTime.parse(line.substring(0, line.indexOf(' '))).toInstant();
  }

  private Duration untilNextTick(String signal)
      throws SQLException, IOException, InterruptedException {
    try (Connection listening = server.database().getConnection()) {
      run(listening, "listen pgq_tick");
      long began = System.nanoTime();
      first.signal(signal);
      second.awaitSaid("leading");
      traffic.insert(1);
      awaitTick(listening, "q");
      return Duration.ofNanos(System.nanoTime() - began);
    }
  }
}
