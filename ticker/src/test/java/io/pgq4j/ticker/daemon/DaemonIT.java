package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.awaitTick;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaemonIT {
  @RegisterExtension final TestDatabase database = TestDatabase.create();
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void itTicksUntilASignalAndStopsCleanly(String signal) throws Exception {
    try (Connection session = database.connect();
        Connection listening = database.connect();
        DaemonProcess daemon = start()) {
      run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
      run(listening, "listen pgq_tick");
      daemon.awaitSaid("leading");
      run(session, "select pgq.insert_event('q', 't', 'd')");
      awaitTick(listening, "q");

      daemon.signal(signal);

      assertThat(daemon.exitCode()).isZero();
      assertThat(daemon.said().get(daemon.said().size() - 1)).endsWith("stopped");
      assertThat(daemon.stdout()).isEmpty();
      assertThat(one(session, "select last_value from pgq.ticker_armed")).isEqualTo("0");
    }
  }

  @Test
  void aSecondOneStandsByAndTakesOverFromAKilledOne() throws Exception {
    try (Connection session = database.connect();
        DaemonProcess first = start()) {
      first.awaitSaid("leading");
      try (DaemonProcess second = start()) {
        second.awaitSaid("standing by");

        first.signal("KILL");

        second.awaitSaid("leading");
        run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
        run(session, "select pgq.insert_event('q', 't', 'd')");
        await(session, "select count(*) > 1 from pgq.tick", "t");
      }
    }
  }

  @Test
  void severalDatabasesAreTickedAndOneThatFailsDoesNotMatter() throws Exception {
    Path config =
        DaemonProcess.config(
            directory,
            "database.good.url=" + database.url(),
            "database.bad.url=jdbc:postgresql://127.0.0.1:1/nowhere");
    try (DaemonProcess daemon = DaemonProcess.start(Map.of(), config.toString())) {
      daemon.awaitSaid("good tick: leading");
      daemon.awaitSaid("bad tick: ");
      daemon.signal("TERM");
      assertThat(daemon.exitCode()).isZero();
    }
  }

  @Test
  void thePasswordIsNotToBeSeen() throws Exception {
    String user = database.createUser("in role pgq_admin");
    String url =
        "%s?user=%s&password=secret".formatted(database.url().replaceFirst("\\?.*", ""), user);
    run(database.connect(), "alter role %s password 'changed'".formatted(user));
    try (DaemonProcess daemon = DaemonProcess.start(Map.of("PGQ_URL", url), emptyConfig(), "-v")) {
      daemon.awaitSaid("tick: ");
      daemon.signal("TERM");
      assertThat(daemon.exitCode()).isZero();
      assertThat(daemon.said()).noneMatch(line -> line.contains("secret"));
    }
  }

  @Test
  void checkSaysWhetherATickerCouldWork() throws Exception {
    assertThat(check(database.url())).isZero();
    assertThat(check("jdbc:postgresql://127.0.0.1:1/nowhere")).isEqualTo(3);
    try (Connection session = database.connect()) {
      run(session, "drop schema pgq cascade");
    }
    assertThat(check(database.url())).isEqualTo(5);
  }

  private int check(String url) throws Exception {
    try (DaemonProcess daemon =
        DaemonProcess.start(Map.of("PGQ_URL", url), emptyConfig(), "--check")) {
      return daemon.exitCode();
    }
  }

  private DaemonProcess start() throws IOException {
    return DaemonProcess.start(
        Map.of(), DaemonProcess.config(directory, "url=" + database.url()).toString());
  }

  private String emptyConfig() throws IOException {
    return Files.createTempFile(directory, "empty", ".properties").toString();
  }

  @Test
  void anAddressThatIsTakenIsAnErrorOfTheConfiguration() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path pidfile = directory.resolve("ticker.pid");
      Path config =
          DaemonProcess.config(
              directory,
              "url=" + database.url(),
              "pidfile=" + pidfile,
              "http-listen=" + taken.getLocalPort());
      try (DaemonProcess daemon = DaemonProcess.start(Map.of(), config.toString())) {
        assertThat(daemon.exitCode()).isEqualTo(2);
        assertThat(daemon.said()).anyMatch(line -> line.contains("cannot listen on 127.0.0.1:"));
        assertThat(pidfile).doesNotExist();
      }
    }
  }

  /** systemd-notify is a stand-in here that writes down what it is to say. */
  @Test
  void systemdIsToldWhatItDoesAndThatItLives() throws Exception {
    Path told = directory.resolve("told");
    Path standIn = directory.resolve("systemd-notify");
    Files.writeString(standIn, "#!/bin/sh\necho \"$1\" >>'" + told + "'\n");
    assertThat(standIn.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment =
        Map.of(
            "PATH",
            directory + ":" + System.getenv("PATH"),
            "NOTIFY_SOCKET",
            directory.resolve("socket").toString(),
            "WATCHDOG_USEC",
            "200000");
    Path config = DaemonProcess.config(directory, "url=" + database.url());
    try (DaemonProcess daemon = DaemonProcess.start(environment, config.toString())) {
      await("told that it is ready and lives", () -> hasTold(told, "READY=1", "WATCHDOG=1"));
      daemon.signal("HUP");
      await("told that it reloads", () -> hasTold(told, "READY=1", "RELOADING=1", "READY=1"));
      daemon.signal("TERM");
      assertThat(daemon.exitCode()).isZero();
    }
    assertThat(hasTold(told, "RELOADING=1", "STOPPING=1")).isTrue();
  }

  /** In this order, perhaps with others between. */
  private static boolean hasTold(Path told, String... states) throws IOException {
    return Files.exists(told)
        && Pattern.compile(String.join("\n.*", states) + "\n", Pattern.DOTALL)
            .matcher(Files.readString(told))
            .find();
  }
}
