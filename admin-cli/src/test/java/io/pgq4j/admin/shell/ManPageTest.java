package io.pgq4j.admin.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.admin.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPageTest {
  @TempDir Path directory;

  @Test
  void itTellsOfEveryCommandAndFormatsWithoutAWarning() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/groff")), "needs groff, which .ci/run installs");
    StringWriter page = new StringWriter();
    Main.run(Map.of(), new PrintWriter(page), new PrintWriter(page), "man");
    Path file = Files.writeString(directory.resolve("pgq-admin.1"), page.toString());
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    new ProcessBuilder("groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-P-cbou", file.toString())
        .redirectOutput(out.toFile())
        .redirectError(err.toFile())
        .start()
        .waitFor();
    assertThat(err).hasContent("");
    assertThat(Files.readString(out, StandardCharsets.UTF_8))
        .contains("pgq-admin - installs pgq4j", "pgq-admin drop-queue", "--force", "EXIT STATUS");
  }
}
