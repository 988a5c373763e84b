package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.ConsumerInfo;
import io.pgq4j.QueueInfo;
import io.pgq4j.admin.status.StatusReport;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusReportTest {
  @Test
  void theTableIsTheOneThatPgQUsersKnow() {
    assertThat(print(Samples.status()))
        .isEqualTo(
            """
            Event queue                         Rotation       Ticker   TLag    EPS      New
            --------------------------------------------------------------------------------
              invoices                              3/2h       paused   2d3h    0.0        0
              jobs                               3/1h30m  500/0.5s/1m  412ms  120.5  1234567
            --------------------------------------------------------------------------------

            Consumer                                                  Lag  LastSeen  Pending
            --------------------------------------------------------------------------------
            jobs:
              archiver                                                  -    paused        -
              mailer                                                 2.3s      12ms      250
            --------------------------------------------------------------------------------

            Runs                                              Where  Started    State  Since
            --------------------------------------------------------------------------------
            jobs:
              mailer                                     app-1:4711     1d2h  running     3h
            --------------------------------------------------------------------------------
            jobs/mailer, 4h ago: java.net.ConnectException: refused
            """);
  }

  @Test
  void aDatabaseWithoutQueuesStillHasItsHeadings() {
    assertThat(print(new StatusReport(List.of(), List.of(), List.of())).lines())
        .hasSize(7)
        .anySatisfy(line -> assertThat(line).startsWith("Event queue"))
        .anySatisfy(line -> assertThat(line).startsWith("Consumer"));
  }

  @Test
  void anExternalTickerIsNamedAndSoAreUnknownMeasures() {
    QueueInfo queue = queue("q", true, true, null);
    assertThat(print(new StatusReport(List.of(queue), List.of(), List.of())))
        .containsPattern("  q +3/2h +external +- +- +-\n");
  }

  @Test
  void nothingInANameActsOnTheTerminal() {
    QueueInfo queue = queue("\u202Etxt.exe\u001b[31m", false, false, null);
    ConsumerInfo consumer =
        new ConsumerInfo(queue.name(), "a\u2066b", null, null, null, null, null, null, null, null);
    String table = print(new StatusReport(List.of(queue), List.of(consumer), List.of()));
    assertThat(table).contains("\\u202Etxt.exe\\u001B[31m", "a\\u2066b");
    assertThat(table.chars()).noneMatch(c -> c == 0x1B || c == 0x202E || c == 0x2066);
  }

  @Test
  void consumersStandUnderTheirOwnQueueOnly() {
    QueueInfo lower = queue("jobs", false, false, null);
    QueueInfo upper = queue("JOBS", false, false, null);
    ConsumerInfo consumer =
        new ConsumerInfo(
            "jobs", "mailer", Duration.ZERO, Duration.ZERO, 1L, null, null, 0L, null, null);
    assertThat(print(new StatusReport(List.of(upper, lower), List.of(consumer), List.of())))
        .contains("\njobs:\n  mailer")
        .doesNotContain("\nJOBS:\n");
  }

  private static QueueInfo queue(
      String name, boolean external, boolean paused, @Nullable Duration lag) {
    return new QueueInfo(
        name,
        3,
        0,
        Duration.ofHours(2),
        Instant.EPOCH,
        external,
        paused,
        500,
        Duration.ZERO,
        Duration.ofMinutes(1),
        lag,
        null,
        null,
        null);
  }

  private static String print(StatusReport report) {
    StringWriter text = new StringWriter();
    report.print(new PrintWriter(text, true));
    return text.toString();
  }
}
