package io.pgq4j.consumers.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.pgq4j.Settings;
import io.pgq4j.consumers.telegram.standin.BotApiStandIn;
import io.pgq4j.test.TestQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A notifier that is configured, not programmed. */
@Timeout(60)
class TelegramProgramIT {
  @RegisterExtension static final TestQueue jobs = TestQueue.create("jobs");

  private final BotApiStandIn telegram = BotApiStandIn.start();
  @TempDir Path directory;

  @AfterEach
  void stop() {
    telegram.close();
  }

  private TelegramNotifier notifier(String... lines) throws IOException {
    Path token = Files.writeString(directory.resolve("token"), telegram.token().value());
    List<String> all =
        new ArrayList<>(
            List.of(
                "queue=jobs",
                "consumer=telegram",
                "token-file=" + token,
                "api-url=" + telegram.url()));
    all.addAll(List.of(lines));
    Path file = Files.write(directory.resolve("telegram.properties"), all);
    return (TelegramNotifier)
        new TelegramProgram()
            .create(Settings.load(TelegramProgram.SETTINGS, Map.of(), Map.of(), file));
  }

  @Test
  void aRowIsAMessageToItsChatsAndItsColumnsAreHarmlessInMarkup() throws Exception {
    try (TelegramNotifier notifier =
        notifier("chat={chats}", "text=<b>{title}</b> is online", "parse-mode=html")) {
      notifier.check();
      jobs.insert("INSERT", "{\"chats\": [5, -6], \"title\": \"R&D <lead>\"}");
      jobs.insert("INSERT", "{\"chats\": \"5\", \"title\": \"Cook\"}");

      jobs.drain(notifier).assertAllDone();
    }
    assertThat(telegram.texts(5))
        .containsExactly("<b>R&amp;D &lt;lead&gt;</b> is online", "<b>Cook</b> is online");
    assertThat(telegram.texts(-6)).hasSize(1);
  }

  @Test
  void aRowWithoutAChatOrTextIsGivenUp() throws Exception {
    try (TelegramNotifier notifier = notifier("chat={chat}", "text={title}")) {
      jobs.insert("INSERT", "{\"chat\": \"everybody\", \"title\": \"x\"}");
      jobs.insert("INSERT", "{\"chat\": 5, \"title\": null}");
      jobs.insert("INSERT", "{\"title\": \"x\"}");

      jobs.drain(notifier).assertRetries(0).assertDeadLetters(3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "chat=5",
        "text=x",
        "chat=5|text={x",
        "chat=5|text=x|parse-mode=word",
        "chat=5|text=x|token=hush",
        "chat=5|text=x|api-url=http://x/path"
      })
  void aWrongConfigurationIsRefused(String lines) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> notifier(lines.split("\\|")))
        .withMessageNotContaining("hush");
  }

  @Test
  void checkAsksTelegram() throws IOException {
    try (TelegramNotifier notifier = notifier("chat=5", "text=x", "token=1:" + "a".repeat(30))) {
      assertThatExceptionOfType(TelegramException.class).isThrownBy(notifier::check);
    }
  }
}
