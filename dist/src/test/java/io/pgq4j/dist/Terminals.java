package io.pgq4j.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Shells in one directory: some run a few commands and end, some run programs that stay. */
final class Terminals implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Path directory;
  private final Map<String, String> environment;
  private final Map<String, Process> staying = new HashMap<>();
  private String lastOutput = "";

  Terminals(Path directory, String port) {
    this.directory = directory;
    environment = Map.of("PGPORT", port, "XDG_CACHE_HOME", directory.resolve("cache").toString());
  }

  /** Runs commands to their end; none may fail. */
  void run(String commands) throws Exception {
    Packages.Run run = Packages.run(directory, environment, "bash", "-c", commands);
    lastOutput = run.out();
    assertThat(run.exitCode()).as(commands + "\n" + run.out()).isZero();
  }

  String lastOutput() {
    return lastOutput;
  }

  /** Starts commands of which the last one stays. */
  void start(String name, String commands) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", commands);
    builder.directory(directory.toFile()).redirectErrorStream(true);
    builder.redirectOutput(output(name).toFile());
    Packages.clean(builder.environment());
    builder.environment().putAll(environment);
    staying.put(name, builder.start());
  }

  void await(String name, String words) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(output(name)).contains(words)) {
      assertThat(System.nanoTime()).as(Files.readString(output(name))).isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private Path output(String name) {
    return directory.resolve(name + ".out");
  }

  @Override
  public void close() {
    for (Process shell : staying.values()) {
      shell.descendants().forEach(ProcessHandle::destroy);
      shell.destroy();
      shell.onExit().join();
    }
  }
}
