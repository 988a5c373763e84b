package io.pgq4j.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {

  @ParameterizedTest
  @CsvSource({
    "9187, 127.0.0.1:9187",
    "0.0.0.0:9187, 0.0.0.0:9187",
    "ticker.example:0, ticker.example:0",
    "[::1]:65535, [::1]:65535"
  })
  void itIsAPortOfTheLoopbackAddressOrHostAndPort(String text, String address) {
    assertThat(ListenAddress.parse(text)).hasToString(address);
    assertThat(ListenAddress.parse(address)).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":9187", "host", "host:", "host:65536", "1:2:3", "::1:80", "a b:1", "-1"})
  void whatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> ListenAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
