package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.awaitArmed;
import static io.pgq4j.ticker.Sql.awaitTick;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.sql.SchemaInstaller;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerRestartIT {
  @TempDir Path directory;

  @Test
  void theDaemonSurvivesARestartOfTheServer() throws Exception {
    int port;
    try (EmbeddedPostgres server = server().start()) {
      port = server.getPort();
      SchemaInstaller.of(server.getPostgresDatabase()).install();
      try (Connection session = server.getPostgresDatabase().getConnection()) {
        run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
      }
    }
    Path config =
        DaemonProcess.config(
            directory, "url=jdbc:postgresql://localhost:%d/postgres?user=postgres".formatted(port));
    try (DaemonProcess daemon = DaemonProcess.start(Map.of(), config.toString())) {
      daemon.awaitSaid("trying again");
      try (EmbeddedPostgres server = server().setPort(port).start()) {
        daemon.awaitSaid("leading");
        ticks(server);
      }
      try (EmbeddedPostgres server = server().setPort(port).start()) {
        ticks(server);
        daemon.signal("TERM");
        assertThat(daemon.exitCode()).isZero();
      }
    }
  }

  private EmbeddedPostgres.Builder server() {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve("data"))
        .setCleanDataDirectory(false);
  }

  private static void ticks(EmbeddedPostgres server) throws SQLException, IOException {
    try (Connection session = server.getPostgresDatabase().getConnection();
        Connection listening = server.getPostgresDatabase().getConnection()) {
      run(listening, "listen pgq_tick");
      run(session, "select pgq.insert_event('q', 't', 'd')");
      awaitTick(listening, "q");
      awaitArmed(session);
    }
  }
}
