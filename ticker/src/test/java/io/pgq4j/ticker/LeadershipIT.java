package io.pgq4j.ticker;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.awaitArmed;
import static io.pgq4j.ticker.Sql.awaitTick;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.TickerState.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LeadershipIT {
  private static final TickerConfig CONFIG =
      TickerConfig.builder()
          .heartbeat(Duration.ofHours(1))
          .standbyInterval(Duration.ofMillis(20))
          .build();

  /** Who waits for so long leads because it was told so. */
  private static final TickerConfig PATIENT =
      TickerConfig.builder()
          .heartbeat(Duration.ofHours(1))
          .standbyInterval(Duration.ofHours(1))
          .build();

  @RegisterExtension final TestDatabase database = TestDatabase.create();

  private final AtomicBoolean firstMayConnect = new AtomicBoolean(true);
  private Connection session;
  private Connection listening;
  private Ticker first;
  private Ticker second;

  @BeforeEach
  void startTwo() throws SQLException {
    session = database.connect();
    listening = database.connect();
    run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
    run(listening, "listen pgq_tick");
    DataSource source = database.dataSource();
    first =
        Ticker.create(
            Proxies.dataSource(
                () -> {
                  if (!firstMayConnect.get()) {
                    throw new SQLException("cut off by the test", "08001");
                  }
                  return source.getConnection();
                }),
            CONFIG);
    second = Ticker.create(source, CONFIG);
    first.start();
    await("the first leads", () -> first.state().role() == Role.LEADER);
    second.start();
    await("the second stands by", () -> second.state().role() == Role.STANDBY);
  }

  @AfterEach
  void stop() throws SQLException {
    first.close();
    second.close();
    session.close();
    listening.close();
  }

  @Test
  void theStandbyTakesOverWhenTheLeaderStops() throws SQLException {
    first.close();

    await("the second leads", () -> second.state().role() == Role.LEADER);
    ticksOnceMore();
  }

  @Test
  void aStandbyIsToldThatTheLeaderStops() throws SQLException {
    second.close();
    second = Ticker.create(database.dataSource(), PATIENT);
    second.start();
    await("the second stands by", () -> second.state().role() == Role.STANDBY);

    first.close();

    await("the second leads", () -> second.state().role() == Role.LEADER);
    ticksOnceMore();
  }

  @Test
  void theStandbyTakesOverWhenTheLeaderIsCutOff() throws SQLException {
    awaitArmed(session);
    firstMayConnect.set(false);
    terminate("pgq-ticker");

    await("the second leads", () -> second.state().role() == Role.LEADER);
    await("the first has noticed", () -> first.state().role() == Role.WAITING);
    assertThat(first.state().lastError()).isNotNull();
    ticksOnceMore();

    firstMayConnect.set(true);
    await("the first stands by", () -> first.state().role() == Role.STANDBY);
    assertThat(first.state().lastError()).isNull();
    assertThat(second.state().role()).isEqualTo(Role.LEADER);
  }

  @Test
  void tickersRecoverWhenAllTheirConnectionsAreTerminated() throws SQLException {
    for (int round = 0; round < 5; round++) {
      awaitArmed(session);
      terminate("pgq-ticker%");

      ticksOnceMore();
      await(
          "one leads, the other stands by",
          () ->
              List.of(first, second).stream()
                  .map(t -> t.state().role())
                  .sorted()
                  .toList()
                  .equals(List.of(Role.STANDBY, Role.LEADER)));
    }
  }

  private void ticksOnceMore() throws SQLException {
    run(session, "select pgq.insert_event('q', 't', 'd')");
    awaitTick(listening, "q");
  }

  /** Terminates the leader's sessions, or with a % those of all tickers. */
  private void terminate(String application) throws SQLException {
    run(
        session,
        """
        select pg_terminate_backend(a.pid) from pg_stat_activity a
        where a.datname = current_database() and a.application_name like '%s'
          and ('%1$s' like '%%\\%%' or exists (
            select from pg_locks l where l.pid = a.pid and l.locktype = 'advisory' and l.granted))"""
            .formatted(application));
  }
}
