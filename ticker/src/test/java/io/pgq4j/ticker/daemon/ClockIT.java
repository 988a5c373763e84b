package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server's clock, by libfaketime, is set forward and back; that of the tickers is not. */
class ClockIT {
  private static final Path LIBRARY =
      Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");

  private static final Map<String, Duration> OFFSETS =
      Map.of("+0", Duration.ZERO, "+1h", Duration.ofHours(1), "-1h", Duration.ofHours(-1));

  @RegisterExtension static final FaultyServer server = FaultyServer.with();
  @TempDir static Path directory;

  @BeforeAll
  static void startWithAClockThatCanBeSet() throws Exception {
    Assumptions.assumeTrue(
        Files.exists(LIBRARY), "needs Debian's libfaketime, which .ci/run installs");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    set("+0");
    server.postgres().stop();
    server
        .postgres()
        .start(
            "LD_PRELOAD=" + LIBRARY,
            "FAKETIME_TIMESTAMP_FILE=" + clock(),
            "FAKETIME_NO_CACHE=1",
            "DONT_FAKE_MONOTONIC=1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void eventsComeAsBefore(boolean pooled) throws Exception {
    Traffic traffic = Traffic.on(server.database());
    try (DaemonProcess first = ticker(pooled)) {
      first.awaitSaid("leading");
      traffic.insertAndAwait(5);

      step("+1h");
      traffic.insertAndAwait(5);

      step("+0");
      traffic.insertAndAwait(5);

      step("-1h");
      first.signal("KILL"); // its lease, if it had one, was renewed an hour ahead
      try (DaemonProcess second = ticker(pooled)) {
        traffic.insertAndAwait(5);
        second.signal("TERM");
        assertThat(second.exitCode()).isZero();
        assertThat(second.said()).noneMatch(line -> line.contains("WARN"));
      }
    } finally {
      step("+0");
    }
  }

  private static DaemonProcess ticker(boolean pooled) throws IOException {
    return server.ticker(server.postgres().port(), "pooled=" + pooled);
  }

  /** Sets the server's clock to the true time plus that, and waits until it shows. */
  private static void step(String offset) throws IOException, SQLException {
    set(offset);
    try (Connection session = server.database().getConnection()) {
      Instant expected = Instant.now().plus(OFFSETS.get(offset));
      await(
          session,
          "select abs(extract(epoch from clock_timestamp()) - %d) < 600"
              .formatted(expected.getEpochSecond()),
          "t");
    }
  }

  private static Path clock() {
    return directory.resolve("clock");
  }

  private static void set(String offset) throws IOException {
    Files.writeString(clock(), offset);
  }
}
