package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The life of a daemon in the background, by its command line. */
class BackgroundIT {
  @RegisterExtension final TestDatabase database = TestDatabase.create();
  @TempDir Path directory;

  @AfterEach
  void stop() throws Exception {
    pgqTicker("-s");
  }

  @Test
  void itRunsInTheBackgroundUntilItIsStopped() throws Exception {
    configure();
    assertThat(pgqTicker("-d")).isZero();
    assertThat(pgqTicker("--status")).isIn(0, 6); // connected, perhaps not leading yet
    assertThat(pgqTicker("-d")).as("a second one").isEqualTo(6);
    assertThat(pgqTicker()).as("a second one in the foreground").isEqualTo(6);
    try (Connection session = database.connect()) {
      run(session, "select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
      run(session, "select pgq.insert_event('q', 't', 'd')");
      await(session, "select count(*) > 1 from pgq.tick", "t");
    }
    assertThat(pgqTicker("--status")).isZero();

    assertThat(pgqTicker("-s")).isZero();

    assertThat(pgqTicker("-s")).as("nothing to stop").isEqualTo(4);
    assertThat(pgqTicker("-r")).as("nothing to reload").isEqualTo(4);
    assertThat(pgqTicker("--status")).isEqualTo(4);
    assertThat(directory.resolve("ticker.pid")).doesNotExist();
    assertThat(Files.readString(directory.resolve("ticker.log"))).contains("leading", "stopped");
  }

  @Test
  void aProcessThatWasKilledLeavesAPidfileThatStopsNobody() throws Exception {
    configure();
    assertThat(pgqTicker("-d")).isZero();
    long pid = Long.parseLong(Files.readString(directory.resolve("ticker.pid")).strip());
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();

    assertThat(pgqTicker("--status")).isEqualTo(4);
    assertThat(pgqTicker("-d")).isZero();
  }

  @Test
  void aReloadTakesANewConfigurationAndKeepsTheOldOneForAWrongOne() throws Exception {
    Path config = configure();
    assertThat(pgqTicker("-d")).isZero();
    awaitLog("leading");

    Files.writeString(config, Files.readString(config) + "heart-beat=1s\n");
    assertThat(pgqTicker("-r")).as("the command reads the file as well").isEqualTo(2);
    long pid = Long.parseLong(Files.readString(directory.resolve("ticker.pid")).strip());
    new ProcessBuilder("kill", "-HUP", Long.toString(pid)).start().waitFor();
    awaitLog("did you mean \"heartbeat\"?; the configuration stays as it was");

    configure("heartbeat=1s");
    assertThat(pgqTicker("-r")).isZero();
    awaitLog("is loaded again");
    awaitLog("gave up the lead", "leading");
  }

  @Test
  void aLogOfJsonHasAnObjectALine() throws Exception {
    configure("log-format=json");
    assertThat(pgqTicker("-d")).isZero();
    awaitLog("leading");
    assertThat(Files.readAllLines(directory.resolve("ticker.log")))
        .allMatch(line -> line.startsWith("{\"timestamp\"") && line.endsWith("}"));
  }

  private Path configure(String... more) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "url=" + database.url(),
                "pidfile=" + directory.resolve("ticker.pid"),
                "log-file=" + directory.resolve("ticker.log")));
    lines.addAll(List.of(more));
    return DaemonProcess.config(directory, lines.toArray(String[]::new));
  }

  private int pgqTicker(String... options) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(options));
    arguments.add(0, directory.resolve("ticker.properties").toString());
    try (DaemonProcess process = DaemonProcess.start(Map.of(), arguments.toArray(String[]::new))) {
      return process.exitCode();
    }
  }

  /** Waits until the log has these words, one after the other. */
  private void awaitLog(String... words) {
    Pattern pattern =
        Pattern.compile(
            Arrays.stream(words).map(Pattern::quote).collect(Collectors.joining(".*")),
            Pattern.DOTALL);
    await(
        "logged " + pattern,
        () -> pattern.matcher(Files.readString(directory.resolve("ticker.log"))).find());
  }
}
