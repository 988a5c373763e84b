package io.pgq4j.admin.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.bench.LatencyRun.Load;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatencyRunTest {
  private static final long BEGIN = 1_000_000_000;
  private static final long MILLI = 1_000_000;

  @Test
  void eventsAreDueAtFixedTimesWhetherOrNotTheSystemKeepsUp() {
    LatencyRun run = new LatencyRun(new Load(1_000, 0, 3), 1, BEGIN);
    assertThat(run.due(0)).isEqualTo(BEGIN);
    assertThat(run.due(2)).isEqualTo(BEGIN + 2 * MILLI);
  }

  @Test
  void aLateInsertShowsInTheTimeFromTheScheduleOnly() {
    LatencyRun run = new LatencyRun(new Load(1_000, 0, 1), 1, BEGIN);
    run.committed(0, BEGIN + 500 * MILLI);
    run.arrived(0, 0, BEGIN + 502 * MILLI);
    assertThat(millis(Percentiles.of(run.fromCommit()).max())).isEqualTo(2);
    assertThat(millis(Percentiles.of(run.fromSchedule()).max())).isEqualTo(502);
  }

  @Test
  void theWarmUpDoesNotCount() {
    LatencyRun run = new LatencyRun(new Load(1_000, 1, 3), 1, BEGIN);
    arrive(run, 0, 0, 900);
    arrive(run, 0, 1, 2);
    arrive(run, 0, 2, 2);
    assertThat(run.fromCommit().getTotalCount()).isEqualTo(2);
    assertThat(millis(Percentiles.of(run.fromCommit()).max())).isEqualTo(2);
  }

  @Test
  void everyConsumerCounts() {
    LatencyRun run = new LatencyRun(new Load(1_000, 0, 1), 2, BEGIN);
    arrive(run, 0, 0, 1);
    assertThat(run.missing().getCount()).isEqualTo(1);
    arrive(run, 1, 0, 9);
    assertThat(run.missing().getCount()).isZero();
    assertThat(millis(Percentiles.of(run.fromCommit()).p50())).isEqualTo(1);
    assertThat(millis(Percentiles.of(run.fromCommit()).max())).isEqualTo(9);
  }

  @Test
  void ofARepeatedBatchTheFirstArrivalCounts() {
    LatencyRun run = new LatencyRun(new Load(1_000, 0, 2), 1, BEGIN);
    arrive(run, 0, 0, 1);
    arrive(run, 0, 0, 100);
    assertThat(run.missing().getCount()).isEqualTo(1);
    arrive(run, 0, 1, 1);
    assertThat(millis(Percentiles.of(run.fromCommit()).max())).isEqualTo(1);
  }

  @Test
  void anArrivalBeforeTheProducerKnowsOfItsCommitCountsAsNothing() {
    LatencyRun run = new LatencyRun(new Load(1_000, 0, 1), 1, BEGIN);
    run.committed(0, BEGIN + 5 * MILLI);
    run.arrived(0, 0, BEGIN + 4 * MILLI);
    assertThat(Percentiles.of(run.fromCommit()).max()).isZero();
  }

  private static void arrive(LatencyRun run, int consumer, int event, long millisAfterCommit) {
    run.committed(event, BEGIN);
    run.arrived(consumer, event, BEGIN + millisAfterCommit * MILLI);
  }

  private static long millis(Duration duration) {
    return Math.round(duration.toNanos() / 1e6);
  }
}
