package io.pgq4j.examples.upstats;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.examples.Examples;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example as a process of its own, with its own PostgreSQL. */
@Timeout(180)
class UpStatsExampleIT {
  private static final Pattern MESSAGE =
      Pattern.compile("(?m)^ +[0-9.]+ s +(-?[0-9.]+) ms +(-?[0-9]+)  (.*)$");
  private static final Pattern IDLE =
      Pattern.compile("(?m)^  Idle +([0-9]+) quer(y|ies) served in [0-9.]+ s");

  @TempDir private Path temporary;

  private record Result(int exitCode, String out, String err) {
    List<MatchResult> messages() {
      return MESSAGE.matcher(out).results().toList();
    }

    Set<String> lines() {
      return messages().stream().map(found -> found.group(3)).collect(Collectors.toSet());
    }
  }

  private ProcessBuilder demo(String... options) {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    // The data goes there; the server's programs stay where other runs have unpacked them.
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add(
        "-Dot.epg.working-dir=" + Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg"));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), Examples.class.getName(), "upstats"));
    command.addAll(Arrays.asList(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("TELEGRAM_BOT_TOKEN"));
    builder.redirectOutput(temporary.resolve("out").toFile());
    builder.redirectError(temporary.resolve("err").toFile());
    return builder;
  }

  private Result run(String... options) throws IOException, InterruptedException {
    Process process = demo(options).start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
    return result(process);
  }

  private Result result(Process process) throws IOException {
    return new Result(process.exitValue(), read("out"), read("err"));
  }

  private String read(String file) throws IOException {
    return Files.readString(temporary.resolve(file), StandardCharsets.UTF_8);
  }

  private void assertNothingIsLeft() throws IOException {
    assertThat(ProcessHandle.allProcesses())
        .noneMatch(
            process -> process.info().commandLine().orElse("").contains(temporary.toString()));
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("pgq4j-example-"));
    }
  }

  @Test
  void showsMessagesAndASummaryAndLeavesNothingBehind() throws Exception {
    Result demo = run("--for", "8s", "--rate", "20");

    assertThat(demo.err()).isEmpty();
    assertThat(demo.exitCode()).isZero();
    assertThat(demo.messages()).hasSizeGreaterThan(5);
    assertThat(demo.out())
        .contains("stand-in of the Bot API")
        .containsPattern("(?m)^  Ads +[0-9]+ in [0-9]+ transactions$")
        .containsPattern("(?m)^  Delay +p50 [0-9.]+ ms   p99 [0-9.]+ ms   max [0-9.]+ ms$")
        .containsPattern("(?m)^  Waking up +[0-9.]+ ms for an ad after")
        .containsPattern("(?m)^  new_jobs +3/2h")
        .containsPattern("(?m)^  upstats +.* 0$");
    var idle = IDLE.matcher(demo.out());
    assertThat(idle.find()).isTrue();
    assertThat(Long.parseLong(idle.group(1))).as("queries while idle").isLessThan(5);
    assertNothingIsLeft();
  }

  @Test
  void keptDatabaseGoesOnWithoutRepeating() throws Exception {
    String directory = temporary.resolve("kept").toString();

    Result first = run("--for", "5s", "--rate", "20", "--keep", directory);
    Result second = run("--for", "5s", "--rate", "20", "--keep", directory);

    assertThat(first.exitCode() + second.exitCode()).isZero();
    assertThat(first.out()).contains("310 of 310 to come");
    assertThat(second.out()).doesNotContain("310 of 310 to come");
    assertThat(first.lines()).isNotEmpty();
    assertThat(second.lines()).isNotEmpty().doesNotContainAnyElementsOf(first.lines());
    assertNothingIsLeft();
  }

  @Test
  void terminatedDemoTakesItsServerWithIt() throws Exception {
    Process process = demo("--rate", "20").start();
    while (!MESSAGE.matcher(read("out")).find()) {
      assertThat(process.waitFor(100, TimeUnit.MILLISECONDS)).as(read("err")).isFalse();
    }
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    assertThat(read("out")).contains("What happened");
    assertNothingIsLeft();
  }

  @Test
  void badOptionsAreRefusedInOneSentence() throws Exception {
    assertThat(run("--rate", "0"))
        .isEqualTo(
            new Result(
                2,
                "",
                "upstats: --rate must be more than 0 and at most 100000."
                    + " Run bin/example upstats --help for more.\n"));
    Result password = run("--database", "postgresql://me:sesame@localhost/db");
    assertThat(password.exitCode()).isEqualTo(2);
    assertThat(password.err()).contains("PGPASSWORD").doesNotContain("sesame");
    Result unreachable = run("--database", "postgresql://me@127.0.0.1:1/db");
    assertThat(unreachable.exitCode()).isEqualTo(3);
    assertThat(unreachable.err()).startsWith("upstats: ").hasLineCount(1);
  }

  @Test
  void tokenWithoutAChatIsRefusedAndNotShown() throws Exception {
    ProcessBuilder builder = demo();
    builder.environment().put("TELEGRAM_BOT_TOKEN", "123:abcdefghijklmnopqrstuvwxyz");
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    Result refused = result(process);
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--chat").doesNotContain("abcdefgh");
  }
}
