package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestructionIT {
  @RegisterExtension final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void queue() throws SQLException {
    Sql.execute(database, "select pgq.create_queue('jobs')");
    Sql.execute(database, "select pgq.register_consumer('jobs', 'mailer')");
  }

  @ParameterizedTest
  @ValueSource(strings = {"drop-queue jobs --force", "unregister jobs mailer"})
  void withoutATerminalItWantsYes(String command) throws SQLException {
    Run run = Run.with(environment(), Shell.words(command));
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("jobs", "--yes").hasLineCount(1);
    assertThat(run.out()).isEmpty();
    assertThat(consumers()).containsExactly("mailer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"drop-queue jobs --force", "unregister jobs mailer"})
  void aDryRunSaysWhatItWouldDoAndDoesNothing(String command) throws Exception {
    Run run = Run.with(environment(), Shell.words(command + " --dry-run --yes -o json"));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(run.err()).startsWith("It would: ").contains("'jobs'").hasLineCount(1);
    assertThat(run.json().get("would").textValue()).contains("'jobs'");
    assertThat(consumers()).containsExactly("mailer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "n\n", "yess\n"})
  void anAnswerThatIsNotYesLeavesAllAsItIs(String answer) throws SQLException {
    Run run = Run.on(Run.terminal(80, answer), environment(), "unregister", "jobs", "mailer");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("Go on? [y/N] ", "Nothing was done.");
    assertThat(consumers()).containsExactly("mailer");
  }

  @Test
  void itIsDoneWhenTheAnswerIsYes() throws SQLException {
    Run run = Run.on(Run.terminal(80, " Yes\n"), environment(), "unregister", "jobs", "mailer");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(consumers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"drop-queue job", "unregister job mailer", "unregister jobs maler"})
  void nobodyIsAskedAboutWhatDoesNotExist(String command) {
    Run run = Run.on(Run.terminal(80, "y\n"), environment(), Shell.words(command));
    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).contains("did you mean").hasLineCount(1).doesNotContain("Go on?");
  }

  private List<String> consumers() throws SQLException {
    return Sql.query(database, "select consumer_name from pgq.get_consumer_info()");
  }

  private Map<String, String> environment() {
    return Map.of("PGQ_URL", database.url());
  }
}
