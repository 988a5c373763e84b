package io.pgq4j.consumers.all;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.Settings;
import io.pgq4j.daemon.ReadyConsumer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path PAGE = Path.of("..", "..", "docs", "reference", "ready-consumers.md");

  private static final List<ReadyConsumer> CONSUMERS =
      ServiceLoader.load(ReadyConsumer.class).stream()
          .map(ServiceLoader.Provider::get)
          .sorted(Comparator.comparing(ReadyConsumer::name))
          .toList();

  @Test
  void theCommittedPageIsWhatTheConsumersSay() throws IOException {
    if (Boolean.getBoolean("pgq.docs.update")) {
      Files.writeString(PAGE, page());
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/reference/ready-consumers.md is out of date. Write it anew with: ./mvnw -pl"
                + " consumers/all -am test -Dtest=ReferencePageTest -Dpgq.docs.update=true")
        .isEqualTo(page());
  }

  @Test
  void allAreThereUnderNamesThatFitACommandLine() {
    assertThat(CONSUMERS)
        .extracting(ReadyConsumer::name)
        .containsExactly(
            "mail", "queue", "refresh", "sql", "table", "telegram", "webhook", "websocket");
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Ready consumers

            What [`bin/pgq-consumer NAME CONFIG`](../how-to/ready-consumers.md) runs, and the keys that each has beside those
            of [every consumer](consumer.md).
            """);
    for (ReadyConsumer consumer : CONSUMERS) {
      page.append("\n## %s\n\n%s\n\n".formatted(consumer.name(), consumer.summary()))
          .append("```properties\n")
          .append(Settings.help(consumer.settings()))
          .append("```\n");
    }
    return page.toString();
  }
}
