package io.pgq4j.ticker.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.daemon.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For each odd configuration there is a file with what the program says. */
class ConfigFilesTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown-key",
        "bad-duration",
        "out-of-range",
        "bad-share",
        "bad-url",
        "both-urls",
        "missing"
      })
  void anOddConfigurationIsRefusedWithASentence(String name) throws Exception {
    Path config = directory().resolve(name + ".properties");

    ExitCode code = run(config.toString(), "--check");

    assertThat("exit " + code.code() + "\n" + said().replace(config.toString(), "CONFIG"))
        .isEqualTo(Files.readString(directory().resolve(name + ".expected")));
    assertThat(out.toString(UTF_8)).isEmpty();
  }

  @Test
  void theSampleHasEveryKeyAndIsAccepted() throws Exception {
    assertThat(run("--sample-config")).isEqualTo(ExitCode.OK);

    assertThat(out.toString(UTF_8))
        .isEqualTo(Files.readString(directory().resolve("sample-config.expected")));
    Path sample =
        Files.writeString(Files.createTempFile("sample", ".properties"), out.toString(UTF_8));
    assertThat(run(sample.toString(), "--dump-config")).isEqualTo(ExitCode.OK);
    Files.delete(sample);
  }

  @Test
  void theProcessEndsWithTheExitCode() throws Exception {
    Path config = directory().resolve("unknown-key.properties");
    try (DaemonProcess process = DaemonProcess.start(Map.of(), config.toString())) {
      assertThat(process.exitCode()).isEqualTo(2);
      assertThat(process.said()).isNotEmpty();
    }
  }

  @Test
  void helpIsData() {
    assertThat(run("--help")).isEqualTo(ExitCode.OK);

    assertThat(out.toString(UTF_8)).startsWith("Usage: pgq-ticker CONFIG").contains("Example:");
    assertThat(said()).isEmpty();
  }

  @Test
  void aWrongCommandLineIsRefused() {
    assertThat(run("--wrong")).isEqualTo(ExitCode.USAGE);
    assertThat(said()).contains("unknown option --wrong");
    assertThat(run()).isEqualTo(ExitCode.USAGE);
    assertThat(said()).contains("CONFIG is missing");
  }

  private ExitCode run(String... arguments) {
    return new Main(new PrintStream(out), new PrintStream(err), Map.of("PGUSER", "u"))
        .run(arguments);
  }

  private String said() {
    return err.toString(UTF_8);
  }

  private static Path directory() throws URISyntaxException {
    return Path.of(Objects.requireNonNull(ConfigFilesTest.class.getResource("configs")).toURI());
  }
}
