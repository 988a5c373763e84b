package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Databases;
import io.pgq4j.Event;
import io.pgq4j.testing.Pgbouncer;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tickers behind a real pgbouncer that hands out sessions for a transaction each. */
class PoolerIT {
  private static final String LEADERS_LOCK =
      "select count(*) from pg_locks where locktype = 'advisory' and objsubid = 1"
          + " and (classid::bigint << 32) | objid::bigint = 8099566924954430322";

  @RegisterExtension static final FaultyServer server = FaultyServer.with();
  @TempDir Path directory;

  private Pgbouncer pooler;
  private Connection session;

  @BeforeAll
  static void look() {
    Pgbouncer.assumeInstalled();
  }

  @BeforeEach
  void start() throws Exception {
    pooler = Pgbouncer.before(server.postgres().port(), directory);
    session = server.database().getConnection();
  }

  @AfterEach
  void stop() throws Exception {
    session.close();
    pooler.close();
  }

  @Test
  void oneTicksByALeaseAndAnotherTakesOver() throws Exception {
    Traffic traffic = Traffic.on(server.database());
    try (DaemonProcess first = pooled()) {
      first.awaitSaid("leading by a lease");
      try (DaemonProcess second = pooled()) {
        second.awaitSaid("standing by");
        traffic.insertAndAwait(20);

        // Frozen, not dead: its connection to the proxy stays.
        first.signal("STOP");
        second.awaitSaid("leading by a lease");
        traffic.insertAndAwait(20);
        first.signal("CONT");
        first.awaitSaid("standing by");
        traffic.insertAndAwait(20);

        second.signal("KILL");
        traffic.insertAndAwait(20);
      }
    }
    assertThat(one(session, LEADERS_LOCK)).as("sessions that kept the lock").isEqualTo("0");
  }

  @Test
  void aTickerWithASessionTakesTheLeadAndGivesItBack() throws Exception {
    Traffic traffic = Traffic.on(server.database());
    try (DaemonProcess pooled = pooled()) {
      pooled.awaitSaid("leading by a lease");
      assertThat(status()).contains("ticked by");
      try (DaemonProcess direct = server.ticker(server.postgres().port())) {
        direct.awaitSaid("leading");
        pooled.awaitSaid("standing by");
        traffic.insertAndAwait(20);

        direct.signal("TERM");
        assertThat(direct.exitCode()).isZero();
      }
      traffic.insertAndAwait(20);
    }
  }

  @Test
  void whatElseThereIsToDoIsDoneThroughThePoolerToo() throws Exception {
    run(
        session,
        "select pgq.create_queue('q'), pgq.register_consumer('q', 'c'), pgq.create_queue('gone');"
            + "select pgq.set_queue_config('q', 'rotation_period', '10 milliseconds');"
            + "select pgq.drop_queue('gone');"
            + "select pgq.insert_event_at('q', 't', 'later', now() + interval '1 second');"
            + "create table plain (id int); insert into plain select generate_series(1, 100)");
    run(session, "select pgq.insert_event('q', 't', 'd')");
    String url = server.url(pooler.port(), "postgres");
    try (DaemonProcess daemon =
        FaultyServer.ticker(url, "pooled=true", "maintenance-period=50ms")) {
      await(session, "select queue_cur_table > 0 from pgq.queue where queue_name = 'q'", "t");
      await(session, "select to_regclass('pgq.event_2') is null", "t");
      await(session, "select count(*) from pgq.retry_queue", "0");
      daemon.signal("TERM");
      assertThat(daemon.exitCode()).isZero();
      assertThat(daemon.said()).noneMatch(line -> line.contains("WARN"));
    }
    assertThat(one(session, "select pgq.lease_age() is null")).as("given up").isEqualTo("t");
    try (Connection pool = Databases.dataSource(url, Map.of()).getConnection()) {
      assertThat(one(pool, "show lock_timeout")).as("for the pool's others").isEqualTo("0");
    }
  }

  /**
   * Its statements must not be prepared on the server; this pgbouncer does not carry them along.
   */
  @Test
  void aConsumerWorksThroughThePooler() throws Exception {
    BlockingQueue<String> delivered = new LinkedBlockingQueue<>();
    Consumer consumer =
        new Consumer("q", "c") {
          @Override
          protected void process(Event event) {
            delivered.add(String.valueOf(event.data()));
          }
        };
    run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
    DataSource source =
        Databases.dataSource(server.url(pooler.port(), "postgres&prepareThreshold=0"), Map.of());
    try (DaemonProcess daemon = pooled();
        ConsumerRunner runner = ConsumerRunner.builder(source).add(consumer).build()) {
      daemon.awaitSaid("leading by a lease");
      runner.start();
      for (int i = 0; i < 20; i++) {
        run(session, "select pgq.insert_event('q', 't', '%d')".formatted(i));
        assertThat(delivered.poll(30, TimeUnit.SECONDS)).isEqualTo(String.valueOf(i));
      }
    }
  }

  @Test
  void whoDoesNotKnowOfThePoolerIsToldAndDoesNotTick() throws Exception {
    try (DaemonProcess daemon = server.ticker(pooler.port());
        DaemonProcess check =
            DaemonProcess.start(
                Map.of("PGQ_URL", server.url(pooler.port(), "postgres")), "/dev/null", "--check")) {
      daemon.awaitSaid("set pooled=true");
      assertThat(check.exitCode()).isEqualTo(6);
      assertThat(check.said()).last().asString().contains("set pooled=true");
    }
    assertThat(one(session, LEADERS_LOCK)).isEqualTo("0");
  }

  private DaemonProcess pooled() throws Exception {
    return server.ticker(pooler.port(), "pooled=true");
  }

  private String status() throws Exception {
    try (DaemonProcess asking =
        DaemonProcess.start(
            Map.of("PGQ_URL", server.url(pooler.port(), "postgres")), "/dev/null", "--status")) {
      asking.exitCode();
      return asking.stdout();
    }
  }
}
