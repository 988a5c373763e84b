package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What only a process shows: streams, encodings, the launcher. */
class LauncherIT {
  private static final Path LAUNCHER = Path.of("..", "bin", "pgq-admin").toAbsolutePath();

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @TempDir Path directory;

  @BeforeAll
  static void thereIsALauncher() {
    assumeTrue(Files.isExecutable(LAUNCHER), "no bin/pgq-admin for this system");
  }

  @Test
  void withoutACommandItExplainsItself() throws Exception {
    Run run = run(Map.of());
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("Usage: pgq-admin");
  }

  @Test
  void theExitCodeIsThatOfTheProcess() throws Exception {
    Run run = run(Map.of("PGQ_URL", "postgresql://ann:s3cret@127.0.0.1:1/db"), "status");
    assertThat(run.exitCode()).isEqualTo(ExitCode.CANNOT_CONNECT);
    assertThat(run.err())
        .contains("pgq-admin: Cannot connect to ann@127.0.0.1:1/db")
        .doesNotContain("s3cret", "Exception", "WARN");
  }

  @Test
  void stdoutHoldsNothingButData() throws Exception {
    Map<String, String> environment = Map.of("PGQ_URL", database.url());
    assertThat(run(environment, "create-queue", "launched").exitCode()).isEqualTo(ExitCode.OK);
    Run run = run(environment, "status", "launched", "-o", "json");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.json().at("/queues/0/queue").textValue()).isEqualTo("launched");
    assertThat(run.err()).doesNotContain("INFO", "WARN", "jOOQ");
  }

  @Test
  void aNameOfAnyScriptPassesWhateverTheLocale() throws Exception {
    Map<String, String> environment = Map.of("PGQ_URL", database.url(), "LC_ALL", "C");
    String name = "仕事 \uD83D\uDE00";
    Run create = run(environment, "create-queue", name);
    assertThat(create.exitCode()).as(create.err()).isEqualTo(ExitCode.OK);
    assertThat(Sql.query(database, "select queue_name from pgq.queue")).contains(name);
    assertThat(run(environment, "status", name).out()).contains("  " + name + " ");
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() throws Exception {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no /dev/full");
    Run run = run(full, Map.of(), "--version");
    assertThat(run.exitCode()).isEqualTo(ExitCode.INTERNAL);
    assertThat(run.err()).contains("stdout");
  }

  private Run run(Map<String, String> environment, String... args) throws Exception {
    return run(directory.resolve("out"), environment, args);
  }

  private Run run(Path out, Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(LAUNCHER.toString()));
    command.addAll(List.of(args));
    Path err = directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(key -> key.startsWith("PG") || key.startsWith("LC_"));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    process.getOutputStream().close();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("it ends; the first run builds").isTrue();
    return new Run(process.exitValue(), readIfRegular(out), read(err));
  }

  private static String readIfRegular(Path file) throws IOException {
    return Files.isRegularFile(file) ? read(file) : "";
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }
}
