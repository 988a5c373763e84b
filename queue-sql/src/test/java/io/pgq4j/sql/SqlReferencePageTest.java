package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SqlReferencePageTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "sql.md");

  @Test
  void theCommittedPageIsWhatTheHeadersSay() throws IOException {
    if (Boolean.getBoolean("pgq.docs.update")) {
      Files.writeString(PAGE, SqlReferencePage.render());
    }
    assertThat(Files.readString(PAGE))
        .as(
            "docs/reference/sql.md is out of date. Write it anew with: ./mvnw -pl queue-sql -am test"
                + " -Dtest=SqlReferencePageTest -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dpgq.docs.update=true")
        .isEqualTo(SqlReferencePage.render());
  }
}
