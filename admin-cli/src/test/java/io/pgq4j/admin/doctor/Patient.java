package io.pgq4j.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.Main;
import io.pgq4j.testing.TestDatabase;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A database that gets ill, is examined, and is cured as the findings say. */
final class Patient implements AutoCloseable {
  /** Whatever is there has been there for too long, and is too much. */
  static final Limits STRICT = new Limits(Duration.ofMinutes(5), Duration.ZERO, 0, 0);

  private final TestDatabase database;
  private final List<Connection> sessions = new ArrayList<>();

  Patient(TestDatabase database) {
    this.database = database;
  }

  /** Runs statements, each committed. */
  void run(String... statements) throws SQLException {
    try (Connection connection = database.connect()) {
      run(connection, statements);
    }
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Runs statements in a session that stays, in its transaction if they begin one. */
  void runAndStay(String... statements) throws SQLException {
    Connection session = database.connect();
    sessions.add(session);
    run(session, statements);
  }

  /** What one check finds about one object. */
  Finding finding(Check check, String object, Limits limits) throws SQLException {
    return findings(check, limits).stream()
        .filter(finding -> finding.object().equals(object))
        .findFirst()
        .orElseThrow(() -> new AssertionError(check + " finds nothing about " + object));
  }

  List<Finding> findings(Check check, Limits limits) throws SQLException {
    List<Finding> all = Doctor.examine(database.dataSource(), limits);
    assertThat(all).extracting(Finding::check).doesNotContain("not-examined");
    return all.stream().filter(finding -> finding.check().equals(check.id())).toList();
  }

  /** Finds it, does what is said there, and finds it no more. */
  Finding findAndCure(Check check, String object, Limits limits) throws Exception {
    Finding finding = finding(check, object, limits);
    apply(finding.cure());
    assertThat(findings(check, limits))
        .as(finding.cure())
        .extracting(Finding::object)
        .doesNotContain(object);
    return finding;
  }

  /** Does what a finding says. */
  void apply(String cure) throws Exception {
    // People are asked before these.
    List<String> words = words(cure.replaceFirst("^pgq-admin (unregister|rebase)", "$0 --yes"));
    if (words.get(0).equals("pgq-admin")) {
      StringWriter err = new StringWriter();
      int exitCode =
          Main.run(
              Map.of("PGQ_URL", database.url()),
              new PrintWriter(new StringWriter()),
              new PrintWriter(err),
              words.subList(1, words.size()).toArray(String[]::new));
      assertThat(exitCode).as(cure + ": " + err).isZero();
      return;
    }
    assertThat(words.get(0)).isEqualTo("psql");
    for (int i = 1; i < words.size(); i++) {
      if (words.get(i).equals("-c")) {
        run(words.get(i + 1));
      }
    }
  }

  /** As a shell splits them. */
  static List<String> words(String command) throws IOException {
    Process shell = new ProcessBuilder("sh", "-c", "printf '%s\\0' " + command).start();
    String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return List.of(words.split("\0"));
  }

  @Override
  public void close() throws SQLException {
    for (Connection session : sessions) {
      session.close();
    }
  }
}
