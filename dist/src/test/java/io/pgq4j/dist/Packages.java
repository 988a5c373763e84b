package io.pgq4j.dist;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the build left, and how to run what is in it. */
final class Packages {
  private static final Path TARGET = Path.of("target").toAbsolutePath();

  /** What a program printed, errors among it. */
  record Run(int exitCode, String out) {}

  private Packages() {}

  static Path tar() throws IOException {
    return only("pgq4j-*.tar.gz");
  }

  static Path deb() throws IOException {
    return only("pgq4j_*.deb");
  }

  private static Path only(String glob) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(TARGET, glob)) {
      List<Path> all = new ArrayList<>();
      found.forEach(all::add);
      assertThat(all).as(glob + " in " + TARGET + ": ./mvnw package makes it").hasSize(1);
      return all.get(0);
    }
  }

  /** Unpacks the tar.gz; returns the directory that it holds. */
  static Path unpack(Path into) throws Exception {
    Run tar = run(into, Map.of(), "tar", "-xf", tar().toString());
    assertThat(tar.exitCode()).as(tar.out()).isZero();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(into, "pgq4j-*")) {
      return found.iterator().next();
    }
  }

  static Run run(Path directory, Map<String, String> environment, String... command)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile()).redirectErrorStream(true);
    clean(builder.environment());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), out);
  }

  /** Nothing of the server and the shell that the tests run in; the JDK is that of the tests. */
  static void clean(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("JAVA"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.merge(
        "PATH", System.getProperty("java.home") + "/bin", (old, jdk) -> jdk + ":" + old);
  }
}
