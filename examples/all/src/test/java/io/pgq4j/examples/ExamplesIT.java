package io.pgq4j.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Each example, started as a reader would, for some seconds. */
class ExamplesIT {
  private static final Path LAUNCHER = Path.of("..", "..", "bin", "example").toAbsolutePath();

  /** What an example must have printed when it ends; each has a line here. */
  private static final Map<String, String> SHOWN =
      Map.of(
          "cinema", "(?m)^  Wrong +0 auditoriums",
          "jobs", "(?m)^  Reports +[0-9]+ started, [0-9]+ done",
          "mailer", "(?m)^    to ann@example.org: Welcome, Ann: We are glad",
          "notify", "(?m)^  the receiver is away, then comes back +2 +0 +2$",
          "upstats", "(?m)^  Delay +p50 [0-9.]+ ms   p99 [0-9.]+ ms");

  @TempDir private Path directory;

  private record Run(int exitCode, String out, String err) {}

  @BeforeAll
  static void thereIsALauncher() {
    assumeTrue(Files.isExecutable(LAUNCHER), "no bin/example for this system");
  }

  static Stream<String> names() {
    return ServiceLoader.load(Example.class).stream()
        .map(example -> new CommandLine(example.get()).getCommandName());
  }

  @ParameterizedTest
  @MethodSource("names")
  void showsItsWorkAndEndsByItself(String name) throws Exception {
    Run run = run(name, "--for", "5s");

    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(SHOWN).as("what to expect of each example").containsKey(name);
    assertThat(run.out()).containsPattern(SHOWN.get(name));
    assertThat(run.err()).doesNotContain("ERROR", "\tat ");
  }

  @Test
  void helpListsAllAndAnUnknownNameIsRefused() throws Exception {
    assertThat(run("--help").out()).contains(names().toList());
    Run unknown = run("nosuchexample");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("'nosuchexample'. Run bin/example --help for more.");
  }

  private Run run(String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("TELEGRAM_BOT_TOKEN"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ends; the first run builds").isTrue();
    return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
