package io.pgq4j.ticker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TickerConfigTest {
  @Test
  void theDefaultsAreThoseOfTheBuildersComment() {
    TickerConfig config = TickerConfig.defaults();

    assertThat(config.name()).isEqualTo("ticker");
    assertThat(config.minTickInterval()).isEqualTo(Duration.ofMillis(1));
    assertThat(config.busyShare()).isEqualTo(0.3);
    assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.standbyInterval()).isEqualTo(Duration.ofMillis(1500));
    assertThat(config.maintenancePeriod()).isEqualTo(Duration.ofMinutes(1));
    assertThat(config.compactionPeriod()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.lockTimeout()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aBuilderUsedAgainDoesNotChangeWhatItBuilt() {
    TickerConfig.Builder builder = TickerConfig.builder().heartbeat(Duration.ofSeconds(3));
    TickerConfig config = builder.build();

    builder.heartbeat(Duration.ofSeconds(4));

    assertThat(config.heartbeat()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void valuesOutOfRangeAreRefusedByName() {
    TickerConfig.Builder builder = TickerConfig.builder();

    assertThatThrownBy(() -> builder.heartbeat(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("heartbeat: must be between 1 ms and 1 day");
    assertThatThrownBy(() -> builder.lockTimeout(Duration.ofDays(2)))
        .hasMessage("lockTimeout: must be between 1 ms and 1 day");
    assertThatThrownBy(() -> builder.busyShare(Double.NaN))
        .hasMessage("busyShare: must be above 0 and at most 1");
    assertThatThrownBy(() -> builder.busyShare(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.name(" ")).hasMessage("name: must not be empty");
  }
}
