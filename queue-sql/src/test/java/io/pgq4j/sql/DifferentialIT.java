package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** The same calls on PgQ and on pgq4j have the same results, or fail with the same words. */
class DifferentialIT {
  private static final Path SCRIPTS = Path.of("src/test/resources/io/pgq4j/sql/differential");

  private static @Nullable RealPgq server;

  @BeforeAll
  static void start() throws IOException {
    Assumptions.assumeTrue(
        RealPgq.isInstalled(), "needs Debian's postgresql-15-pgq3, which .ci/run installs");
    server = RealPgq.start();
  }

  @AfterAll
  static void stop() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  /** The scripts by their names: one call a line, each script in a pair of new databases. */
  static Stream<String> scripts() throws IOException {
    try (Stream<Path> files = Files.list(SCRIPTS)) {
      return files.map(file -> file.getFileName().toString().replace(".sql", "")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void everyCallIsAnsweredAsByPgq(String script) throws Exception {
    List<String> calls =
        Files.readAllLines(SCRIPTS.resolve(script + ".sql")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("--"))
            .toList();
    RealPgq pgq = Objects.requireNonNull(server);
    PGSimpleDataSource theirs = pgq.create("theirs_" + script);
    try (Connection connection = theirs.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create extension pgq");
    }
    PGSimpleDataSource ours = pgq.create("ours_" + script);
    SchemaInstaller.of(ours).install();

    assertThat(String.join("\n", answers(ours, calls)))
        .isEqualTo(String.join("\n", answers(theirs, calls)));
    System.out.printf("%s: compared %d calls with PgQ%n", script, calls.size());
  }

  private static List<String> answers(PGSimpleDataSource database, List<String> calls)
      throws SQLException, IOException {
    List<String> answers = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String call : calls) {
        answers.add(call + " -> " + answer(statement, call));
      }
    }
    return answers;
  }

  private static String answer(Statement statement, String call) throws SQLException, IOException {
    try {
      if (call.equals("copy_to_current_table")) {
        return copy(statement.getConnection());
      }
      if (!statement.execute(call)) {
        return "done";
      }
      StringJoiner rows = new StringJoiner("; ");
      try (ResultSet row = statement.getResultSet()) {
        while (row.next()) {
          rows.add(row(row));
        }
      }
      return rows.toString();
    } catch (SQLException e) {
      return Objects.requireNonNull(e.getMessage()).lines().findFirst().orElse("");
    }
  }

  private static String copy(Connection connection) throws SQLException, IOException {
    String sql = "copy pgq.event_1_0 (ev_time, ev_type, ev_data) from stdin";
    String line = "2020-01-01\tcopied\tdata\n";
    return Long.toString(
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new StringReader(line)));
  }

  /** A row as text; times and transaction ids only by whether they are there. */
  private static String row(ResultSet row) throws SQLException {
    ResultSetMetaData columns = row.getMetaData();
    StringJoiner values = new StringJoiner("|");
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      String value = row.getString(i);
      boolean varies =
          columns.getColumnTypeName(i).matches("timestamptz|interval")
              || columns.getColumnName(i).equals("ev_txid");
      values.add(value != null && varies ? "*" : value);
    }
    return values.toString();
  }
}
