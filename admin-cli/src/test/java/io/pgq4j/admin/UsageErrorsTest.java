package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.internal.ExitCode;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UsageErrorsTest {
  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake(
            "statsu",
            "There is no command 'statsu'; did you mean 'status'? See 'pgq-admin --help'."),
        mistake("frobnicate", "There is no command 'frobnicate'. See 'pgq-admin --help'."),
        mistake(
            "status --urll=x",
            "There is no option '--urll'; did you mean '--url'? An argument that begins with a dash"
                + " goes after '--'. See 'pgq-admin status --help'."),
        mistake(
            "create-queue",
            "pgq-admin create-queue needs NAME. See 'pgq-admin create-queue --help'."),
        mistake("insert q", "pgq-admin insert needs QUEUE and TYPE and DATA, or --stdin."),
        mistake(
            "status a b",
            "pgq-admin status takes no further argument 'b'. See 'pgq-admin status --help'."),
        mistake(
            "-o xml status",
            "The option --output takes table, json, csv and not 'xml'. See 'pgq-admin --help'."),
        mistake(
            "watch-table t q --operations insert,merge",
            "The option --operations takes insert, update, delete, truncate and not 'merge'."
                + " See 'pgq-admin watch-table --help'."),
        mistake(
            "watch-table t q --level table",
            "The option --level takes statement, row and not 'table'."
                + " See 'pgq-admin watch-table --help'."),
        mistake("create-queue jobs fast", "A setting is written key=value, not 'fast'."),
        mistake("create-queue jobs =1", "A setting is written key=value, not '=1'."),
        mistake(
            "create-queue jobs ticker_paused=true ticker_paused=false",
            "The setting 'ticker_paused' is given twice."),
        mistake("config set jobs fast", "A setting is written key=value, not 'fast'."),
        mistake(
            "seek jobs mailer soon",
            "Invalid value for positional parameter at index 2 (WHERE): 'soon' is none of oldest,"
                + " latest, a tick (4711), a time (2026-01-31T10:30:00Z), 30m for half an hour ago."
                + " See 'pgq-admin seek --help'."),
        mistake(
            "config sett jobs",
            "There is no command 'sett'; did you mean 'set'? See 'pgq-admin config --help'."),
        mistake("watch-table t q --key '' ", "A column name is empty."));
  }

  private static Arguments mistake(String args, String sentence) {
    return Arguments.of(args, sentence);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeOnTheCommandLineIsNamedInASentence(String args, String sentence) {
    Run run = Run.with(Map.of(), Shell.words(args));
    assertThat(run.err()).isEqualTo("pgq-admin: " + sentence + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("urls")
  void anUrlWithAPasswordIsRefusedAndNotRepeated(String url) {
    Run run = Run.with(Map.of(), "status", "--url", url);
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("PGPASSWORD, ~/.pgpass or PGQ_URL").doesNotContain("s3cret");
  }

  static Stream<String> urls() {
    return Stream.of(
        "postgresql://ann:s3cret@localhost/db",
        "jdbc:postgresql://localhost/db?user=ann&password=s3cret");
  }

  @Test
  void anUrlInTheWrongPlaceDoesNotShowItsPassword() {
    Run run = Run.with(Map.of(), "status", "jobs", "postgresql://ann:s3cret@localhost/db");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("ann:***@localhost").doesNotContain("s3cret");
  }

  @Test
  void aMalformedUrlIsAUsageError() {
    for (String url :
        new String[] {"mysql://localhost/db", "localhost", "postgresql://host:port/db"}) {
      Run run = Run.with(Map.of(), "status", "--url", url);
      assertThat(run.exitCode()).as(url).isEqualTo(ExitCode.USAGE);
      assertThat(run.err()).startsWith("pgq-admin: ").doesNotContain("\tat ");
    }
  }

  @Test
  void aMalformedUrlInTheEnvironmentDoesNotShowItsPassword() {
    Run run = Run.with(Map.of("PGQ_URL", "mysql://ann:s3cret@localhost/db"), "status");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).doesNotContain("s3cret");
  }

  @Test
  void nothingInAnArgumentActsOnTheTerminal() {
    Run run = Run.with(Map.of(), "status", "a", "\u001b[31m\u202Eb\nc");
    assertThat(run.err()).contains("'\\u001B[31m\\u202Eb\\nc'").hasLineCount(1);
  }
}
