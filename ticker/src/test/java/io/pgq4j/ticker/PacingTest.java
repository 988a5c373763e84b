package io.pgq4j.ticker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacingTest {
  private static final Duration LEAST = Duration.ofMillis(1);

  @Test
  void cheapTicksRestTheMinimum() {
    Pacing pacing = new Pacing(LEAST, 0.5);

    pacing.spent(200_000);

    assertThat(pacing.rest()).isEqualTo(LEAST);
  }

  @Test
  void dearTicksRestAsLongAsTheirShareDemands() {
    Pacing half = new Pacing(LEAST, 0.5);
    Pacing tenth = new Pacing(LEAST, 0.1);

    half.spent(4_000_000);
    tenth.spent(4_000_000);

    assertThat(half.rest()).isEqualTo(Duration.ofMillis(4));
    assertThat(tenth.rest()).isEqualTo(Duration.ofMillis(36));
  }

  @Test
  void oneSlowTickDoesNotSlowDownTheNext() {
    Pacing pacing = new Pacing(LEAST, 0.5);
    for (int i = 0; i < 20; i++) {
      pacing.spent(1_000_000);
    }

    pacing.spent(10_000_000);

    assertThat(pacing.rest()).isLessThan(Duration.ofMillis(3));
  }

  @Test
  void restIsNeverLongerThanASecond() {
    Pacing pacing = new Pacing(LEAST, 0.01);

    pacing.spent(Duration.ofMinutes(1).toNanos());

    assertThat(pacing.rest()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void beforeTheFirstTickTheMinimumHolds() {
    assertThat(new Pacing(LEAST, 0.5).rest()).isEqualTo(LEAST);
  }
}
