package io.pgq4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** With a stand-in for systemd-notify that writes down what it is to say, and where. */
@Timeout(60)
class SystemdTest {
  @TempDir Path directory;
  private Path told;
  private Path standIn;

  @BeforeEach
  void makeStandIn() throws IOException {
    told = directory.resolve("told");
    standIn = directory.resolve("notify");
    Files.writeString(standIn, "#!/bin/sh\necho \"$NOTIFY_SOCKET $1\" >>'" + told + "'\n");
    assertThat(standIn.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void itIsToldWhereItAsked() throws IOException {
    systemd(Map.of("NOTIFY_SOCKET", "/a socket")).tell("READY=1");

    assertThat(told).hasContent("/a socket READY=1\n");
  }

  @Test
  void nobodyIsToldIfNobodyAsked() {
    Systemd systemd = systemd(Map.of("WATCHDOG_USEC", "1000"));
    systemd.tell("READY=1");

    assertThat(systemd.watch(List::of)).isFalse();
    assertThat(told).doesNotExist();
  }

  @Test
  void aProgramThatIsMissingIsNoFailure() {
    new Systemd(Map.of("NOTIFY_SOCKET", "s"), directory.resolve("none").toString(), log())
        .tell("READY=1");

    assertThat(told).doesNotExist();
  }

  @Test
  void theWatchdogHearsNothingWhileSomethingIsWrong() throws Exception {
    LinkedBlockingQueue<List<String>> faults = new LinkedBlockingQueue<>();
    Semaphore asked = new Semaphore(0);
    systemd(Map.of("NOTIFY_SOCKET", "s", "WATCHDOG_USEC", "2000"))
        .watch(
            () -> {
              asked.release();
              try {
                return faults.take();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    faults.add(List.of("it hangs"));
    faults.add(List.of("it hangs"));
    assertThat(asked.tryAcquire(3, 30, TimeUnit.SECONDS)).isTrue();
    assertThat(told).as("asked a third time").doesNotExist();

    faults.add(List.of());
    assertThat(asked.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    assertThat(told).hasContent("s WATCHDOG=1\n");
  }

  @Test
  void theWatchdogOfAnotherProcessIsLeftAlone() {
    Systemd systemd =
        systemd(Map.of("NOTIFY_SOCKET", "s", "WATCHDOG_USEC", "2000", "WATCHDOG_PID", "1"));

    assertThat(systemd.watch(List::of)).isFalse();
  }

  private Systemd systemd(Map<String, String> environment) {
    return new Systemd(environment, standIn.toString(), log());
  }

  private static org.slf4j.Logger log() {
    return LoggerFactory.getLogger(SystemdTest.class);
  }
}
