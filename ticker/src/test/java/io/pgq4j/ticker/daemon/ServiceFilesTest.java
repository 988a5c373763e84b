package io.pgq4j.ticker.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to run the daemon agree. */
class ServiceFilesTest {
  private static final Path LAUNCHER = Path.of("..", "bin", "pgq-ticker");
  private static final Path FILES = Path.of("..", "docs", "how-to", "service");

  @ParameterizedTest
  @ValueSource(strings = {"pgq-ticker.service", "Containerfile"})
  void theJvmIsToldWhatTheLauncherTellsIt(String file) throws IOException {
    Matcher flags = Pattern.compile("jvm_flags='([^']*)'").matcher(Files.readString(LAUNCHER));
    assertThat(flags.find()).isTrue();

    assertThat(Files.readString(FILES.resolve(file)).replaceAll("[\",]", ""))
        .contains(flags.group(1) + " -cp /opt/pgq-ticker/lib/* " + Main.class.getName());
  }
}
