package io.pgq4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page example-notify.md shows the class that is run. */
class NotifyPageTest {
  private static final Path ROOT = Path.of("..", "..");
  private static final Path PAGE = ROOT.resolve("docs/explanation/example-notify.md");
  private static final Path SOURCE =
      ROOT.resolve("examples/notify/src/main/java/io/pgq4j/examples/notify/PgQueue.java");

  @Test
  void pageShowsTheClass() throws IOException {
    assertThat(ReadmeIT.region(PAGE, "<!-- notify -->\n```java\n", "```"))
        .isEqualTo(ReadmeIT.region(SOURCE, "(?=final class PgQueue)", "\\z"));
  }
}
