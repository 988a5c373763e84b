package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.run;
import static io.pgq4j.ticker.daemon.FaultyServer.assertSaysLittle;

import io.pgq4j.testing.DebianPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A ticker's process and a server's, and what comes between them. Afterwards all goes on by itself,
 * no event is lost, repeated or out of order, and the log is short.
 */
class FaultsIT {
  private static final String TERMINATE =
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'pgq-%'";

  @RegisterExtension static final FaultyServer server = FaultyServer.with("max_connections = 20");

  @Test
  void theServerIsRestartedThenKilledThenTheSessionIsTerminated() throws Exception {
    Traffic traffic = Traffic.on(server.database());
    try (DaemonProcess daemon = server.ticker(server.postgres().port())) {
      traffic.insertAndAwait(5);

      server.postgres().stop();
      daemon.awaitSaid("trying again");
      server.postgres().start();
      traffic.insertAndAwait(5);

      traffic.insert(5);
      server.postgres().kill();
      server.postgres().start();
      traffic.insertAndAwait(5);

      traffic.insert(5);
      server.postgres().execute(TERMINATE);
      traffic.insertAndAwait(5);
      assertSaysLittle(daemon);
    }
  }

  @Test
  void packetsAreDropped() throws Exception {
    Traffic traffic = Traffic.on(server.database());
    try (TcpProxy network = TcpProxy.to(server.postgres().port());
        DaemonProcess daemon =
            FaultyServer.ticker(
                server.url(network.port(), "postgres&connectTimeout=1"), "heartbeat=100ms")) {
      traffic.insertAndAwait(5);

      network.stall();
      traffic.insert(5);
      daemon.awaitSaid("SQLSTATE 08006"); // the connection that it had
      daemon.awaitSaid("Connection attempt timed out"); // and a new one
      traffic.insert(5);
      network.resume();

      traffic.awaitDelivered();
      traffic.insertAndAwait(5);
      assertSaysLittle(daemon);
    }
  }

  @Test
  void theConnectionIsResetWhileATickCommits() throws Exception {
    Traffic traffic = Traffic.on(server.database());
    try (TcpProxy network = TcpProxy.to(server.postgres().port());
        DaemonProcess daemon = server.ticker(network.port())) {
      traffic.insertAndAwait(5);

      network.resetAt("pgq.tick_round(", 3);
      server.postgres().execute(TERMINATE); // so that the text of statements is sent again
      traffic.insert(5);
      await("three resets", network::hasReset);

      traffic.awaitDelivered();
      traffic.insertAndAwait(5);
      assertSaysLittle(daemon);
    }
  }

  @Test
  void thePasswordIsChangedAndAllConnectionsAreTaken() throws Exception {
    DebianPostgres postgres = server.postgres();
    postgres.execute("create role ticking login password 'old' in role pgq_admin");
    postgres.admit("host all ticking 127.0.0.1/32 scram-sha-256");
    postgres.execute("select pg_reload_conf()");
    Traffic traffic = Traffic.on(server.database());
    try (Connection session = server.database().getConnection();
        DaemonProcess daemon =
            FaultyServer.ticker(server.url(postgres.port(), "ticking&password=old"))) {
      traffic.insertAndAwait(5);

      run(session, "alter role ticking password 'new'; " + TERMINATE);
      daemon.awaitSaid("password authentication failed");
      traffic.insert(5);
      run(session, "alter role ticking password 'old'");
      traffic.awaitDelivered();

      Deque<Connection> taken = new ArrayDeque<>();
      try {
        run(session, TERMINATE);
        await("no connection is left", () -> takeOne(taken, session, daemon));
      } finally {
        while (!taken.isEmpty()) {
          taken.pop().close();
        }
      }
      traffic.insertAndAwait(5);
      assertSaysLittle(daemon);
    }
  }

  /** Takes a connection if there is one; the ticker's is ended until it finds none. */
  private static boolean takeOne(Deque<Connection> taken, Connection session, DaemonProcess daemon)
      throws SQLException {
    try {
      taken.push(server.database().getConnection());
    } catch (SQLException e) {
      run(session, TERMINATE);
    }
    return daemon.said().stream()
        .anyMatch(line -> line.contains("tick: ") && line.contains("SQLSTATE 53300"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theRoleHasHostileSettings(boolean pooled) throws Exception {
    DebianPostgres postgres = server.postgres();
    postgres.execute("drop role if exists hostile; create role hostile login in role pgq_admin");
    for (String setting :
        new String[] {
          "default_transaction_isolation = 'serializable'",
          "default_transaction_read_only = on",
          "search_path = 'nowhere'",
          "statement_timeout = '1ms'",
          "lock_timeout = '1ms'",
          "idle_session_timeout = '50ms'",
          "idle_in_transaction_session_timeout = '50ms'",
          "timezone = 'Asia/Kathmandu'",
          "datestyle = 'German'",
          "standard_conforming_strings = off",
          "synchronous_commit = off"
        }) {
      postgres.execute("alter role hostile set " + setting);
    }
    Traffic traffic = Traffic.on(server.database());
    try (DaemonProcess daemon =
        FaultyServer.ticker(
            server.url(postgres.port(), "hostile"), "heartbeat=200ms", "pooled=" + pooled)) {
      daemon.awaitSaid("leading");
      traffic.insertAndAwait(50);
    }
  }
}
