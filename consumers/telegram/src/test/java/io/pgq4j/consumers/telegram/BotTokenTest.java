package io.pgq4j.consumers.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BotTokenTest {
  private static final String SECRET = "123456:AAbbCCddEEffGG-hh_ii";

  @Test
  void environmentVariableGoesBeforeTheFile(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("token"), "99:another-token-1");
    assertThat(
            BotToken.from(
                Map.of("TELEGRAM_BOT_TOKEN", SECRET, "TELEGRAM_BOT_TOKEN_FILE", file.toString())))
        .hasValueSatisfying(token -> assertThat(token.value()).isEqualTo(SECRET));
  }

  @Test
  void fileMayEndWithALineEnd(@TempDir Path dir) throws IOException {
    Path file = Files.writeString(dir.resolve("token"), SECRET + "\r\n");
    assertThat(BotToken.from(Map.of("TELEGRAM_BOT_TOKEN_FILE", file.toString())))
        .hasValueSatisfying(token -> assertThat(token.value()).isEqualTo(SECRET));
  }

  @Test
  void nothingSetIsNoToken() {
    assertThat(BotToken.from(Map.of("TELEGRAM_BOT_TOKEN", " "))).isEmpty();
  }

  @Test
  void whatIsNoTokenIsRefusedWithoutRepeatingIt(@TempDir Path dir) throws IOException {
    String broken = SECRET + " oops";
    Path file = Files.writeString(dir.resolve("token"), broken);
    assertThatThrownBy(() -> BotToken.from(Map.of("TELEGRAM_BOT_TOKEN", broken)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TELEGRAM_BOT_TOKEN")
        .hasStackTraceContaining("not a bot token")
        .satisfies(BotTokenTest::hidesTheSecret);
    assertThatThrownBy(() -> BotToken.fromFile(file))
        .hasMessageContaining(file.toString())
        .satisfies(BotTokenTest::hidesTheSecret);
  }

  @Test
  void tokenPutIntoTheVariableForTheFileIsNotRepeatedAsAFileName() {
    assertThatThrownBy(() -> BotToken.from(Map.of("TELEGRAM_BOT_TOKEN_FILE", SECRET)))
        .hasMessageContaining("names a file")
        .satisfies(BotTokenTest::hidesTheSecret);
  }

  @Test
  void missingFileIsNamed(@TempDir Path dir) {
    assertThatThrownBy(() -> BotToken.fromFile(dir.resolve("absent")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void toStringOfTokenAndConfigHideIt() {
    BotToken token = BotToken.of(SECRET);
    assertThat(token.toString()).doesNotContain("AAbb");
    assertThat(TelegramConfig.builder(token).build().toString()).doesNotContain("AAbb");
  }

  @Test
  void everyFormOfTheTokenIsScrubbed() {
    assertThat(
            BotToken.of(SECRET)
                .scrub(
                    "/bot" + SECRET + "/x /bot123456%3AAAbbCCddEEffGG-hh_ii AAbbCCddEEffGG-hh_ii"))
        .isEqualTo("/bot[token]/x /bot[token] [token]");
  }

  private static void hidesTheSecret(Throwable error) {
    assertThat(error).hasStackTraceContaining("Exception");
    for (Throwable t = error; t != null; t = t.getCause()) {
      assertThat(t.toString()).doesNotContain("AAbb");
    }
  }
}
