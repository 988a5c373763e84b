package io.pgq4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

/** What examples read and print. */
class ScreenTest {
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
