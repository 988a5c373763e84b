package io.pgq4j.admin.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.QueueException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailuresTest {
  private final GlobalOptions options = new GlobalOptions(Map.of(), Terminal.none());

  @ParameterizedTest
  @CsvSource({
    "PQ001, 4",
    "PQ002, 4",
    "PQ003, 4",
    "PQ004, 6",
    "PQ005, 6",
    "PQ006, 6",
    "PQ007, 6",
    "PQ008, 2",
    "22021, 2",
    "08001, 3",
    "08006, 3",
    "57P01, 3",
    "57P03, 3",
    "53300, 3",
    "28P01, 3",
    "28000, 3",
    "3D000, 3",
    "3F000, 5",
    "42883, 5",
    "42703, 1",
    "42501, 6",
    "25006, 6",
    "55P03, 6",
    "57014, 6",
    "40P01, 6",
    "53200, 1",
    "XX000, 1",
    ", 1"
  })
  void theSqlStateDecidesTheExitCode(String state, int exitCode) {
    SQLException error = new SQLException("refused", state);
    assertThat(Failures.exitCode(QueueException.of(error))).isEqualTo(exitCode);
    assertThat(Failures.exitCode(error)).isEqualTo(exitCode);
  }

  @Test
  void aBugIsAnInternalErrorAndSaysHowToSeeMore() {
    Told told = tell(new IllegalStateException("no such thing"));
    assertThat(told.exitCode).isEqualTo(ExitCode.INTERNAL);
    assertThat(told.err)
        .isEqualToNormalizingNewlines(
            "pgq-admin: Internal error: no such thing. Run it again with -v for the stack trace.\n");
  }

  @Test
  void anExceptionWithoutAMessageIsNamedByItsClass() {
    assertThat(tell(new NullPointerException()).err)
        .startsWith("pgq-admin: Internal error: NullPointerException. Run");
  }

  @Test
  void theStackTraceComesOnlyWhenItWasAskedForAndWithoutPasswords() {
    SQLException cause = new SQLException("cannot use postgresql://ann:s3cret@host/db");
    CommandFailure failure = new CommandFailure(ExitCode.NOT_FOUND, "Not there.", cause);
    assertThat(tell(failure).err).isEqualToNormalizingNewlines("pgq-admin: Not there.\n");
    assertThat(tell(failure, "-v").err)
        .contains("    at io.pgq4j.admin.internal", "ann:***@host")
        .doesNotContain("s3cret");
  }

  private record Told(int exitCode, String err) {}

  private Told tell(RuntimeException error, String... args) {
    StringWriter err = new StringWriter();
    CommandLine commandLine = new CommandLine(new Failing(error));
    commandLine
        .getCommandSpec()
        .addMixin("global", CommandLine.Model.CommandSpec.forAnnotatedObject(options));
    int exitCode =
        commandLine
            .setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(new Failures(options))
            .execute(args);
    return new Told(exitCode, err.toString());
  }

  @Command(name = "failing")
  private record Failing(RuntimeException error) implements Runnable {
    @Override
    public void run() {
      throw error;
    }
  }
}
