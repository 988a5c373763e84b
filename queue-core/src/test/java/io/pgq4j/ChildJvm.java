package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in a JVM of its own. Closing kills it, as SIGKILL does. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private ChildJvm(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a main class with PGQ_URL in its environment. */
  public static ChildJvm start(Class<?> main, String url, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    // Whoever runs the tests in the background may ignore these signals, and a child inherits that.
    command.addAll(0, List.of("env", "--default-signal=HUP,INT"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PGQ_URL", url);
    return new ChildJvm(builder.start());
  }

  /** The rest of the next line that begins so. */
  public String await(String prefix) throws IOException {
    List<String> seen = new ArrayList<>();
    String line = output.readLine();
    while (line != null && !line.startsWith(prefix)) {
      seen.add(line);
      line = output.readLine();
    }
    assertThat(line).as("a line %s… after %s", prefix, seen).isNotNull();
    return String.valueOf(line).substring(prefix.length()).strip();
  }

  /** The next line that has these words in it. */
  public String awaitWords(String words) throws IOException {
    String line = output.readLine();
    while (line != null && !line.contains(words)) {
      line = output.readLine();
    }
    assertThat(line).as("a line with %s", words).isNotNull();
    return String.valueOf(line);
  }

  public void signal(String signal) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
  }

  public int exitCode() throws IOException, InterruptedException {
    while (output.readLine() != null) {
      // so that it is not held up by a full pipe
    }
    return process.waitFor();
  }

  /** As SIGKILL does. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    output.close();
  }
}
