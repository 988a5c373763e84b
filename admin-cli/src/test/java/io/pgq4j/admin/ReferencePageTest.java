package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferencePageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "pgq-admin.md");

  @Test
  void theCommittedPageIsWhatTheCommandsSay() throws IOException {
    if (Boolean.getBoolean("pgq.docs.update")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, ReferencePage.render());
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/reference/pgq-admin.md is out of date. Write it anew with: ./mvnw -pl admin-cli -am"
                + " test -Dtest=ReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dpgq.docs.update=true")
        .isEqualTo(ReferencePage.render());
  }
}
