package io.pgq4j.ticker.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The ways to run the daemon agree. */
class ServiceFilesTest {
  private static final Path LAUNCHER = Path.of("..", "bin", "pgq-ticker");
  private static final Path FILES = Path.of("..", "docs", "how-to", "service");

  @Test
  void theJvmOfTheContainerIsToldWhatTheLauncherTellsIt() throws IOException {
    Matcher flags = Pattern.compile("jvm_flags='([^']*)'").matcher(Files.readString(LAUNCHER));
    assertThat(flags.find()).isTrue();

    assertThat(Files.readString(FILES.resolve("Containerfile")).replaceAll("[\",]", ""))
        .contains(flags.group(1) + " -cp /opt/pgq-ticker/lib/* " + Main.class.getName());
  }
}
