package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.awaitArmed;
import static io.pgq4j.ticker.Sql.awaitTick;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.Databases;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DatabasesIT {
  @RegisterExtension final TestDatabase home = TestDatabase.create();
  @TempDir Path directory;

  @AfterEach
  void drop() throws SQLException {
    for (String database : new String[] {"found_1", "found_2", "found_3"}) {
      run(home.connect(), "drop database if exists %s with (force)".formatted(database));
    }
  }

  @Test
  void databasesThatAPatternFindsComeAndGoWhileItRuns() throws Exception {
    install("found_1");
    run(home.connect(), "create database found_3"); // without the schema
    Path config =
        DaemonProcess.config(
            directory, "url=" + home.url(), "databases=found_*", "rescan-period=100ms");
    try (DaemonProcess daemon = DaemonProcess.start(Map.of(), config.toString())) {
      daemon.awaitSaid("found_1: starting");
      daemon.awaitSaid("found_1 tick: leading");

      install("found_2");
      daemon.awaitSaid("found_2 tick: leading");

      try (Connection session = on("found_1").getConnection()) {
        run(session, "drop schema pgq cascade");
      }
      daemon.awaitSaid("found_1: stopping");

      daemon.signal("TERM");
      assertThat(daemon.exitCode()).isZero();
      assertThat(daemon.said()).noneMatch(line -> line.contains("found_3"));
    }
  }

  @Test
  void aDatabaseThatFailsDoesNotSlowTheOthers() throws Exception {
    install("found_1");
    install("found_2");
    try (Connection session = on("found_1").getConnection();
        Connection locking = on("found_2").getConnection()) {
      run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
      locking.setAutoCommit(false);
      run(locking, "lock table pgq.queue");
      Path config =
          DaemonProcess.config(
              directory,
              "url=" + home.url(),
              "databases=found_1, found_2, found_3", // the last one is not there
              "heartbeat=1h");
      try (DaemonProcess daemon = DaemonProcess.start(Map.of(), config.toString())) {
        daemon.awaitSaid("found_3 tick: ");
        daemon.awaitSaid("canceling statement due to lock timeout");
        awaitArmed(session);
        run(session, "listen pgq_tick");
        run(session, "select pgq.insert_event('q', 't', 'd')");
        awaitTick(session, "q");
        daemon.signal("TERM");
        assertThat(daemon.exitCode()).isZero();
      }
    }
  }

  @Test
  void everyDatabaseThatHasTheSchemaIsTicked() throws Exception {
    install("found_1");
    install("found_2");
    Path config = DaemonProcess.config(directory, "url=" + home.url(), "databases=*");
    try (DaemonProcess daemon = DaemonProcess.start(Map.of(), config.toString())) {
      daemon.awaitSaid("found_1 tick: leading");
      daemon.awaitSaid("found_2 tick: leading");
      daemon.signal("TERM");
      assertThat(daemon.exitCode()).isZero();
    }
  }

  @Test
  void aServerThatCannotBeAskedIsAskedAgain() throws Exception {
    Path config =
        DaemonProcess.config(
            directory,
            "url=jdbc:postgresql://127.0.0.1:1/nowhere",
            "databases=*",
            "rescan-period=100ms");
    try (DaemonProcess daemon = DaemonProcess.start(Map.of(), config.toString())) {
      daemon.awaitSaid("cannot look for databases");
      daemon.signal("TERM");
      assertThat(daemon.exitCode()).isZero();
    }
  }

  private void install(String database) throws SQLException {
    run(home.connect(), "create database " + database);
    SchemaInstaller.of(on(database)).install();
  }

  private DataSource on(String database) {
    return Databases.dataSource(home.url(), Map.of(), database);
  }
}
