package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Runs the examples of the help, which are those of the reference. */
class ExamplesIT {
  /** Takes long; runs until it is told to end. */
  private static final Set<String> NOT_RUN = Set.of("bench", "web");

  /** A queue with one event, 4711, that its consumer gave up. */
  private static final String[] STATE = {
    "select pgq.unwatch_table('public.job', queue_name) from pgq.get_watches()",
    "select pgq.drop_queue(queue_name, true) from pgq.queue",
    "select pgq.create_queue('jobs')",
    "select setval(queue_event_seq::regclass, 4710) from pgq.queue",
    "select pgq.register_consumer('jobs', 'mailer')",
    "select pgq.insert_event('jobs', 'INSERT', '{\"id\": 1}')",
    "select pgq.ticker('jobs')",
    "select pgq.event_dead(pgq.next_batch('jobs', 'mailer'), 4711, 'why')"
  };

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @TempDir Path directory;

  @BeforeAll
  static void tableAndRole() throws SQLException {
    Sql.execute(database, "create table job (id int primary key, title text)");
    Sql.execute(database, "create role reporting");
  }

  @AfterAll
  static void dropRole() throws SQLException {
    Sql.execute(database, "drop owned by reporting; drop role reporting");
  }

  static Stream<String> examples() {
    List<String> examples = new ArrayList<>();
    collect(Main.commandLine(Map.of(), Run.NO_TERMINAL), examples);
    return examples.stream();
  }

  private static void collect(CommandLine command, List<String> into) {
    for (CommandLine sub : command.getSubcommands().values()) {
      if (!NOT_RUN.contains(sub.getCommandName())) {
        into.addAll(Arrays.asList(sub.getCommandSpec().usageMessage().footer()));
        collect(sub, into);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleDoesWhatItSays(String example) throws Exception {
    for (String sql : STATE) {
      Sql.query(database, sql);
    }
    if (example.contains("unwatch-table")) {
      Sql.query(database, "select pgq.watch_table('public.job', 'jobs')");
    }
    Path export = directory.resolve("jobs.json");
    Files.writeString(export, run("export", "jobs").out());
    String line =
        example
                .strip()
                .replaceFirst("^pgq-admin ", "")
                .replaceFirst(" --url \\S+", "")
                .replace("jobs.json", export.toString())
            + (example.contains("--watch ") ? " -n 1" : "")
            + (example.contains(" tail ") && !example.contains("--no-follow")
                ? " --no-follow"
                : "");
    Run run = run(Shell.words(line));
    if (example.contains("doctor")) {
      assertThat(run.exitCode()).isIn(ExitCode.OK, ExitCode.CHECK_FAILED);
    } else {
      assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    }
  }

  private static Run run(String... args) {
    return Run.with(Map.of("PGQ_URL", database.url()), args);
  }
}
