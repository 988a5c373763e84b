package io.pgq4j.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same calls on PgQ and on pgq4j have the same results, or fail with the same words. */
class DifferentialIT {

  @RegisterExtension static final RealPgq.Extension pgq = new RealPgq.Extension();

  private static final Path SCRIPTS = Path.of("src/test/resources/io/pgq4j/sql/differential");

  /** The scripts by their names. */
  static Stream<String> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files
          .map(file -> file.getFileName().toString().replace(".sql", ""))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyCallIsAnsweredAsByPgq(String script) throws Exception {
    try (Differential differential = new Differential(pgq.server(), script)) {
      differential.compare(Files.readAllLines(SCRIPTS.resolve(script + ".sql")));
      System.out.printf("%s: compared %d calls with PgQ%n", script, differential.compared());
    }
  }
}
