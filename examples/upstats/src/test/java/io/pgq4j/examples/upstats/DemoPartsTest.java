package io.pgq4j.examples.upstats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DemoPartsTest {
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

  @Test
  void cellsHaveTheirWidthWhateverIsInThem() {
    assertThat(Cells.fit("abc", 5)).isEqualTo("abc  ");
    assertThat(Cells.fit("abcdef", 5)).isEqualTo("abcd…");
    assertThat(Cells.fit("🎬🎬🎬", 5)).isEqualTo("🎬🎬…");
    assertThat(Cells.fit("🎬", 4)).isEqualTo("🎬  ");
    assertThat(Cells.fit("e\u0301", 2)).isEqualTo("e\u0301 ");
  }

  @Test
  void nothingInACellActsOnTheTerminal() {
    assertThat(Cells.cut("a\u001b[31mb\r\nc\u202Ed", 20)).isEqualTo("a [31mb  c d");
  }

  @Test
  void timesHaveUnits() {
    TimeConverter times = new TimeConverter();

    assertThat(times.convert("500ms")).isEqualTo(Duration.ofMillis(500));
    assertThat(times.convert("20s")).isEqualTo(Duration.ofSeconds(20));
    assertThat(times.convert("2m")).isEqualTo(Duration.ofMinutes(2));
    assertThat(times.convert("1h")).isEqualTo(Duration.ofHours(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "20", "s", "-5s", "2.5s", "1d", "99999999999s"})
  void whatIsNoTimeIsRefused(String text) {
    assertThatThrownBy(() -> new TimeConverter().convert(text))
        .isInstanceOf(TypeConversionException.class)
        .hasMessageContaining("20s");
  }
}
