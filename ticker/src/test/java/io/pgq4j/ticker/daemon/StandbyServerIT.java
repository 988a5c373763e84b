package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.daemon.FaultyServer.assertSaysLittle;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.DebianPostgres;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A ticker of a streaming standby, from replication to promotion. */
class StandbyServerIT {
  private static final String TICKS = "select count(*) from pgq.tick";

  @RegisterExtension static final FaultyServer server = FaultyServer.with();

  @Test
  void aTickerWaitsOnAStandbyAndGoesOnWhenItIsPromoted() throws Exception {
    Traffic traffic = Traffic.on(server.database());
    String name = server.database().getDatabaseName();
    try (DaemonProcess primary = server.ticker(server.postgres().port());
        DebianPostgres copy = DebianPostgres.standbyOf(server.postgres())) {
      copy.start();
      try (DaemonProcess waiting = FaultyServer.ticker(server.url(copy.port(), "postgres"))) {
        waiting.awaitSaid("the server is in recovery; waiting until it is promoted");
        traffic.insertAndAwait(20);
        primary.signal("TERM");
        assertThat(primary.exitCode()).isZero();
        traffic.insert(5); // not ticked any more
        String ticks;
        try (Connection session = server.database().getConnection()) {
          ticks = one(session, TICKS);
        }
        server.postgres().stop();
        try (Connection session = copy.database(name).getConnection()) {
          await(session, TICKS, String.valueOf(ticks));
        }
        assertThat(waiting.said()).noneMatch(line -> line.contains("leading"));

        copy.promote();

        Traffic moved = traffic.movedTo(copy.database(name));
        moved.awaitDelivered();
        moved.insertAndAwait(20);
        assertSaysLittle(waiting);
      } finally {
        server.postgres().start();
      }
    }
  }
}
