package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.0004S, 0s",
    "PT0.012S, 12ms",
    "PT0.999S, 999ms",
    "PT1S, 1s",
    "PT3.46S, 3.4s",
    "PT47.9S, 47s",
    "PT5M20S, 5m20s",
    "PT2H, 2h",
    "PT2H0M59S, 2h",
    "PT51H30M, 2d3h",
    "PT-3.2S, -3.2s",
    "P10000D, 10000d"
  })
  void aMeasuredDurationShowsItsTwoLargestUnits(Duration duration, String expected) {
    assertThat(Durations.approximate(duration)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT0.5S, 0.5s",
    "PT1M30S, 1m30s",
    "PT2H, 2h",
    "PT24H0M0.000001S, 1d0.000001s",
    "PT100S, 1m40s",
    "PT-1M, -1m"
  })
  void aSettingIsShownExactly(Duration duration, String expected) {
    assertThat(Durations.exact(duration)).isEqualTo(expected);
  }

  @Test
  void anUnknownDurationIsADash() {
    assertThat(Durations.approximate(null)).isEqualTo("-");
    assertThat(Durations.exact(null)).isEqualTo("-");
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0", "PT7200S, 7200", "PT0.412S, 0.412", "PT-0.5S, -0.5", "PT100S, 100"})
  void secondsAreExactAndPlain(Duration duration, String expected) {
    assertThat(Durations.seconds(duration)).isEqualByComparingTo(new BigDecimal(expected));
    assertThat(Durations.seconds(duration).toPlainString()).isEqualTo(expected);
  }
}
