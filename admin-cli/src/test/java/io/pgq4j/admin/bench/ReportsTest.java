package io.pgq4j.admin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportsTest {
  @Test
  void theMedianRoundCounts() {
    CaptureReport.Row odd = CaptureReport.Row.of("bare", millis(300, 100, 5_000));
    assertThat(odd.median()).isEqualTo(Duration.ofMillis(300));
    assertThat(odd.min()).isEqualTo(Duration.ofMillis(100));
    assertThat(odd.max()).isEqualTo(Duration.ofSeconds(5));
    assertThat(CaptureReport.Row.of("bare", millis(100, 200)).median())
        .isEqualTo(Duration.ofMillis(150));
  }

  @Test
  void capturesAreComparedWithTheBareTableAndThePeer() {
    CaptureReport report =
        new CaptureReport(
            1_000,
            List.of(
                CaptureReport.Row.of("bare", millis(100)),
                CaptureReport.Row.of("pgq4j", millis(300)),
                CaptureReport.Row.of("PgQ jsontriga", millis(600))));
    assertThat(report.json().get(1))
        .containsEntry("ratio_to_bare", 3.0)
        .containsEntry("ratio_to_peer", 0.5);
    assertThat(printed(report))
        .isEqualToNormalizingNewlines(
            """
            INSERT of 1000 rows, ms              Median     Min     Max  us/row  /bare  /PgQ
            --------------------------------------------------------------------------------
              bare                               100.00  100.00  100.00  100.00   1.00  0.17
              pgq4j                              300.00  300.00  300.00  300.00   3.00  0.50
              PgQ jsontriga                      600.00  600.00  600.00  600.00   6.00  1.00
            --------------------------------------------------------------------------------
            """);
  }

  @Test
  void withoutAPeerThereIsNoRatioToIt() {
    CaptureReport report =
        new CaptureReport(
            10,
            List.of(
                CaptureReport.Row.of("bare", millis(1)), CaptureReport.Row.of("pgq4j", millis(2))));
    assertThat(report.json().get(1)).containsEntry("ratio_to_peer", null);
    assertThat(printed(report)).contains("2.00     -");
  }

  @Test
  void ratesAreComparedRoundByRound() {
    RatesReport report =
        new RatesReport(
            List.of(
                new RatesReport.Section(
                    "Inserts",
                    "transactions",
                    List.of(
                        new Contest.Result("pgq4j", List.of(50.0, 1_000.0, 3_000.0)),
                        new Contest.Result("PgQ", List.of(100.0, 2_000.0, 2_000.0))))));
    assertThat(report.json().get(0))
        .containsEntry("per_second", 1_000.0)
        .containsEntry("ratio_to_first", 1.0)
        .containsEntry("ratio_to_peer", 0.5);
    assertThat(printed(report).lines().map(line -> line.replaceAll(" +", " ")))
        .containsSubsequence(
            "Inserts (transactions):",
            " pgq4j 1000 50.0 3000 1000.0 1.00 0.50",
            " PgQ 2000 100.0 2000 500.0 2.00 1.00");
  }

  @Test
  void whoWasNotSlowedDownByAnOpenTransactionEndsAsItStarted() {
    BatchesReport report =
        new BatchesReport(
            new RatesReport(List.of()),
            List.of(new BatchesReport.Held("pgq4j", Duration.ofMinutes(10), 800, 400, 7)));
    assertThat(report.json().get(0))
        .containsEntry("end_to_start", 0.5)
        .containsEntry("dead_tuples", 7L);
    assertThat(printed(report)).contains("open for 600 s").contains("0.50");
  }

  @Test
  void latenciesAreInMillisecondsForPeopleAndInSecondsForPrograms() {
    Percentiles fromCommit =
        new Percentiles(
            Duration.ofNanos(1_234_000),
            Duration.ofMillis(2),
            Duration.ofMillis(3),
            Duration.ofMillis(40));
    Percentiles fromSchedule =
        new Percentiles(
            Duration.ofMillis(5), Duration.ofMillis(6), Duration.ofMillis(7), Duration.ofMillis(8));
    LatencyReport report =
        new LatencyReport(
            2,
            List.of(new LatencyReport.Row("pgq4j", 100, 500, fromCommit, fromSchedule, 49.96, 50)));
    assertThat(printed(report).lines().map(line -> line.replaceAll(" +", " ")))
        .containsSubsequence(
            "Commit to consumer:",
            " 100 500 1.23 2.00 3.00 40.00 50.0 50.0",
            "Schedule to consumer:",
            " 100 500 5.00 6.00 7.00 8.00 50.0 50.0");
    assertThat(report.json().get(0).get("commit_to_consumer"))
        .isEqualTo(
            Map.of(
                "p50_seconds", Duration.ofNanos(1_234_000),
                "p90_seconds", Duration.ofMillis(2),
                "p99_seconds", Duration.ofMillis(3),
                "max_seconds", Duration.ofMillis(40)));
  }

  @Test
  void queriesPerSecondAreThoseOfTheTimeThatWasCounted() {
    IdleReport report =
        new IdleReport(
            10, 10, 13, 30, Duration.ofMillis(59_960), new TickerCpu(599_600_000L, null));
    assertThat(report.json().get(0))
        .hasEntrySatisfying(
            "queries_per_second", value -> assertThat((Double) value).isBetween(0.5, 0.501));
    assertThat(printed(report)).contains("10 queues").contains("60.0").contains("0.50");
    assertThat(report.json().get(0)).containsEntry("ticker_share_of_core", 0.01);
    assertThat(printed(report)).contains(" 1.00 ").contains(" -");
  }

  private static List<Duration> millis(long... times) {
    return Arrays.stream(times).mapToObj(Duration::ofMillis).toList();
  }

  private static String printed(Report report) {
    StringWriter text = new StringWriter();
    report.print(new PrintWriter(text));
    return text.toString();
  }
}
