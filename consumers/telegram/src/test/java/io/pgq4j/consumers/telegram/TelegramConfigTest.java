package io.pgq4j.consumers.telegram;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelegramConfigTest {
  private static TelegramConfig.Builder builder() {
    return TelegramConfig.builder(BotToken.of("1:0123456789"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://host",
        "http://user:s3cret@host",
        "http://host/s3cret",
        "http://host?s3cret",
        "s3cret",
        "http:///s3cret"
      })
  void addressThatTheClientCannotUseIsRefusedWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> builder().apiUrl(URI.create(url)).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("apiUrl")
        .message()
        .doesNotContain("s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:8081", "https://bot.example.org/", "http://[::1]:80"})
  void ownServerIsAccepted(String url) {
    assertThatCode(() -> builder().apiUrl(URI.create(url)).build()).doesNotThrowAnyException();
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> builder().digestFrom(0).build()).hasMessageContaining("digestFrom");
    assertThatThrownBy(() -> builder().windowEvents(0).build())
        .hasMessageContaining("windowEvents");
    assertThatThrownBy(() -> builder().requestTimeout(Duration.ZERO).build())
        .hasMessageContaining("requestTimeout");
    assertThatThrownBy(() -> new Rate(0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Rate(1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
