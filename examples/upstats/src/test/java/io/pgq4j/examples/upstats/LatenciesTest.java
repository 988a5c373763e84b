package io.pgq4j.examples.upstats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void quantilesAreRightWithinOnePercent() {
    Latencies latencies = new Latencies();
    for (int millis = 1; millis <= 1000; millis++) {
      latencies.add(millis * 1_000_000L);
    }

    assertThat(latencies.count()).isEqualTo(1000);
    assertThat(latencies.quantile(0.5).toNanos() / 1e6).isCloseTo(500, within(10.0));
    assertThat(latencies.quantile(0.99).toNanos() / 1e6).isCloseTo(990, within(20.0));
    assertThat(latencies.quantile(1)).isEqualTo(latencies.max()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void anyDurationHasItsPlaceInTheHistogram() {
    Latencies latencies = new Latencies();
    assertThat(latencies.quantile(0.5)).isZero();

    latencies.add(-5);
    latencies.add(0);
    latencies.add(Long.MAX_VALUE);

    assertThat(latencies.quantile(0.5)).isLessThanOrEqualTo(Duration.ofNanos(1));
    assertThat(latencies.max()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
  }
}
