package io.pgq4j.ticker;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.awaitArmed;
import static io.pgq4j.ticker.Sql.awaitTick;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.TickerState.Role;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.PGConnection;

/** The heartbeat is an hour, so whatever happens was not found by chance. */
class TickerIT {
  private static final TickerConfig CONFIG =
      TickerConfig.builder()
          .heartbeat(Duration.ofHours(1))
          .maintenancePeriod(Duration.ofMillis(50))
          .build();

  @RegisterExtension final TestDatabase database = TestDatabase.create();

  private Connection session;
  private Connection listening;
  private Ticker ticker;

  @BeforeEach
  void makeAQueue() throws SQLException {
    session = database.connect();
    listening = database.connect();
    run(
        session,
        "select pgq.create_queue('q'), pgq.register_consumer('q', 'c'),"
            + " pgq.set_queue_config('q', 'ticker_idle_period', '1 hour')");
    run(listening, "listen pgq_tick");
    ticker = Ticker.create(database.dataSource(), CONFIG);
  }

  @AfterEach
  void stop() throws SQLException {
    ticker.close();
    session.close();
    listening.close();
  }

  @Test
  void anEventWakesASleepingTicker() throws SQLException {
    ticker.start();
    awaitArmed(session);

    run(session, "select pgq.insert_event('q', 't', 'd')");

    awaitTick(listening, "q");
    assertThat(events()).isEqualTo("d:0");
    awaitArmed(session);
    assertThat(ticker.state().ticks()).isPositive();
    assertThat(ticker.state().lastTick()).isNotNull();
  }

  @Test
  void aRowCopiedIntoTheEventTableWakesASleepingTicker() throws SQLException {
    ticker.start();
    awaitArmed(session);

    run(session, "insert into pgq.event_1_0 (ev_type, ev_data) values ('t', 'copied')");

    awaitTick(listening, "q");
    assertThat(events()).isEqualTo("copied:0");
  }

  @Test
  void aTransactionThatWasOpenAtTheLastTickIsTickedWhenItCommitsWithoutOtherTraffic()
      throws SQLException {
    try (Connection producer = database.connect()) {
      producer.setAutoCommit(false);
      // Before the ticker starts: this producer saw the flag down and will announce nothing.
      run(producer, "select pgq.insert_event('q', 't', 'late')");
      run(session, "select pgq.insert_event('q', 't', 'early')");
      ticker.start();
      awaitTick(listening, "q");
      assertThat(events()).isEqualTo("early:0");
      awaitArmed(session);

      producer.commit();
    }

    awaitTick(listening, "q");
    assertThat(events()).isEqualTo("late:0");
  }

  @Test
  void anOpenProducerDoesNotDelayOthers() throws SQLException {
    try (Connection producer = database.connect()) {
      producer.setAutoCommit(false);
      run(producer, "select pgq.insert_event('q', 't', 'open')");
      ticker.start();
      awaitArmed(session);

      for (int i = 0; i < 20; i++) {
        run(session, "select pgq.insert_event('q', 't', 'd')");
        awaitTick(listening, "q");
        awaitArmed(session);
      }
    }
  }

  @Test
  void aRetryComesBackAlthoughTheTickerSleeps() throws SQLException {
    run(session, "select pgq.insert_event('q', 't', 'again')");
    ticker.start();
    awaitTick(listening, "q");
    String batch = one(session, "select pgq.next_batch('q', 'c')");
    awaitArmed(session);

    run(
        session,
        "select pgq.event_retry(%1$s, ev_id, 1) from pgq.get_batch_events(%1$s);".formatted(batch)
            + "select pgq.finish_batch(%s)".formatted(batch));

    awaitTick(listening, "q");
    assertThat(events()).isEqualTo("again:1");
  }

  @Test
  void aDelayedEventComesAlthoughTheTickerSleepsUntilALaterOne() throws SQLException {
    run(session, "select pgq.insert_event_at('q', 't', 'never', now() + interval '100 years')");
    ticker.start();
    awaitArmed(session);

    run(session, "select pgq.insert_event_at('q', 't', 'soon', now() + interval '1 second')");

    awaitTick(listening, "q");
    assertThat(events()).isEqualTo("soon:0");
  }

  @Test
  void expiredKeysAreForgotten() throws SQLException {
    run(
        session,
        "insert into pgq.event_key select 1, i::text, i, now() from generate_series(1, 20001) i");
    ticker.start();

    await(session, "select count(*) from pgq.event_key", "0");
  }

  @Test
  void aFullTableIsRotated() throws SQLException {
    run(session, "select pgq.set_queue_config('q', 'rotation_period', '10 milliseconds')");
    ticker.start();

    run(session, "select pgq.insert_event('q', 't', 'd')");

    await(session, "select queue_cur_table from pgq.queue", "1");
    assertThat(events()).isEqualTo("d:0");
  }

  @Test
  void functionInExtraMaintIsCalledUntilItIsContent() throws SQLException {
    run(session, "create table calls (queue text)");
    run(
        session,
        """
        create function "tidy;up"(text) returns int language plpgsql as $$
        begin
          insert into public.calls values ($1);
          return (select (count(*) < 3)::int from public.calls);
        end $$""");
    run(session, "update pgq.queue set queue_extra_maint = array['no.such', 'public.\"tidy;up\"']");
    ticker.close();
    ticker =
        Ticker.create(
            database.dataSource(),
            TickerConfig.builder().maintenancePeriod(Duration.ofHours(1)).build());
    ticker.start();

    await(session, "select array_agg(queue)::text from calls", "{q,q,q}");
  }

  @Test
  void aFunctionInExtraMaintThatHangsHoldsNothingElseUp() throws SQLException {
    run(
        session,
        """
        create function hang(text) returns int language plpgsql as $$
        begin
          perform pg_advisory_xact_lock(1);
          return 0;
        end $$""");
    run(session, "select pg_advisory_lock(1)");
    run(session, "update pgq.queue set queue_extra_maint = '{public.hang}'");
    run(session, "select pgq.set_queue_config('q', 'rotation_period', '10 milliseconds')");
    ticker.start();
    await(
        session,
        "select count(*) from pg_stat_activity where application_name = 'pgq-ticker extra'"
            + " and wait_event_type = 'Lock' and datname = current_database()",
        "1");

    run(session, "select pgq.insert_event('q', 't', 'd')");

    await(session, "select queue_cur_table from pgq.queue", "1");
    run(session, "select pg_advisory_unlock(1)");
  }

  @Test
  void tablesAreVacuumedAndAnalyzedWhereAutovacuumIsOff() throws SQLException {
    run(
        session,
        "create or replace function pgq.maint_tables_to_vacuum() returns setof text"
            + " language sql as $$ select 'pgq.retry_queue' $$");

    ticker.start();

    await(
        session,
        "select vacuum_count > 0 and analyze_count > 0 from pg_stat_user_tables"
            + " where relid = 'pgq.retry_queue'::regclass",
        "t");
  }

  @Test
  void aQueueThatNobodyConsumesWaitsForItsFirstConsumer() throws SQLException {
    run(session, "select pgq.create_queue('nobody')");
    ticker.start();
    run(session, "select pgq.insert_event('nobody', 't', 'd')");
    run(session, "select pgq.insert_event('q', 't', 'd')");
    awaitTick(listening, "q");
    awaitArmed(session);
    assertThat(one(session, "select last_tick_id from pgq.get_queue_info('nobody')"))
        .isEqualTo("1");

    run(session, "select pgq.register_consumer('nobody', 'c')");

    awaitTick(listening, "nobody");
  }

  @Test
  void idleTicksMoveConsumersWithoutWakingThem() throws SQLException {
    run(session, "select pgq.set_queue_config('q', 'ticker_idle_period', '10 milliseconds')");
    ticker.start();

    await(session, "select last_tick > 3 from pgq.get_consumer_info('q')", "t");

    assertThat(listening.unwrap(PGConnection.class).getNotifications()).isNullOrEmpty();
    run(session, "select pgq.insert_event('q', 't', 'd')");
    awaitTick(listening, "q");
    assertThat(events()).isEqualTo("d:0");
  }

  @Test
  void tablesOfADroppedQueueGoWhileAProducerOfAnotherQueueIsOpen() throws SQLException {
    run(session, "select pgq.create_queue('dropped')");
    try (Connection producer = database.connect()) {
      producer.setAutoCommit(false);
      run(producer, "select pgq.insert_event('q', 't', 'd')");
      // The driver's last query keeps its snapshot until another statement follows.
      run(producer, "set local work_mem = '4MB'");
      run(session, "select pgq.drop_queue('dropped')");

      ticker.start();

      await(session, "select to_regclass('pgq.event_2') is null", "t");
      run(producer, "select pgq.insert_event('q', 't', 'd')");
      producer.commit();
    }
    assertThat(one(session, "select count(*) from pgq.maint_tables_to_drop()")).isEqualTo("0");
    awaitTick(listening, "q");
  }

  @Test
  void aQueueThatIsBehindDoesNotStopTheOthers() throws SQLException {
    run(session, "select pgq.create_queue('behind')");
    run(
        session,
        "update pgq.tick set tick_snapshot = '4000000000:4000000000:' where tick_queue = 2");
    ticker.start();
    awaitArmed(session);

    run(session, "select pgq.insert_event('behind', 't', 'd'), pgq.insert_event('q', 't', 'd')");

    awaitTick(listening, "q");
    awaitArmed(session);
    assertThat(ticker.state().role()).isEqualTo(Role.LEADER);
    assertThat(ticker.state().lastError()).isNull();
  }

  @Test
  void hostileSettingsOfTheDatabaseDoNotMatter() throws SQLException {
    String name = one(session, "select current_database()");
    for (String setting :
        new String[] {
          "default_transaction_isolation = 'serializable'",
          "default_transaction_read_only = on",
          "search_path = 'nowhere'",
          "timezone = 'Asia/Kathmandu'",
          "intervalstyle = 'iso_8601'",
          "idle_session_timeout = 50"
        }) {
      run(session, "alter database %s set %s".formatted(name, setting));
    }

    ticker.start();
    awaitArmed(session);
    run(session, "select pgq.insert_event('q', 't', 'd')");

    awaitTick(listening, "q");
    assertThat(ticker.state().lastError()).isNull();
  }

  @Test
  void aStoppedTickerLeavesTheFlagDownAndTheLeadFree() throws Exception {
    ticker.start();
    awaitArmed(session);

    assertThat(ticker.stop(Duration.ofSeconds(10))).isTrue();

    assertThat(one(session, "select last_value from pgq.ticker_armed")).isEqualTo("0");
    await(
        session,
        "select count(*) from pg_stat_activity where datname = current_database()"
            + " and application_name like 'pgq-ticker%'",
        "0");
    assertThat(ticker.state().role()).isEqualTo(Role.STOPPED);
  }

  @Test
  void aTickerThatHangsInTheDatabaseIsCutOffWhenItsTimeIsOver() throws Exception {
    ticker =
        Ticker.create(
            database.dataSource(),
            TickerConfig.builder().lockTimeout(Duration.ofMinutes(1)).build());
    try (Connection locking = database.connect()) {
      locking.setAutoCommit(false);
      run(locking, "lock table pgq.tick");
      ticker.start();
      await(
          session,
          "select count(*) from pg_stat_activity where application_name = 'pgq-ticker'"
              + " and wait_event_type = 'Lock' and datname = current_database()",
          "1");

      assertThat(ticker.stop(Duration.ofMillis(100))).isFalse();

      await(
          session,
          "select count(*) from pg_stat_activity where application_name = 'pgq-ticker'"
              + " and state <> 'active' and datname = current_database()",
          "0");
    }
  }

  /** The events of the next batch, which is finished. */
  private String events() throws SQLException {
    String batch = one(session, "select pgq.next_batch('q', 'c')");
    String events =
        one(
            session,
            "select string_agg(ev_data || ':' || coalesce(ev_retry, 0), ',' order by ev_id)"
                + " from pgq.get_batch_events(%s)".formatted(batch));
    run(session, "select pgq.finish_batch(%s)".formatted(batch));
    return String.valueOf(events);
  }
}
