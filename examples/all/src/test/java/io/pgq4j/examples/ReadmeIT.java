package io.pgq4j.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.Consumer;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.Event;
import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in README.md is the code between the markers here, and it works. */
@SuppressWarnings("ClassCanBeStatic") // the README shows JobMailer as it would stand alone
class ReadmeIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final Path ROOT = Path.of("..", "..");
  private static final Path SOURCE = Path.of("src/test/java/io/pgq4j/examples/ReadmeIT.java");
  private static final String SQL =
      """
      // readme.sql
      select pgq.create_queue('jobs');
      select pgq.watch_table('job', 'jobs');
      // end
      """;

  private static final BlockingQueue<String> MAILS = new LinkedBlockingQueue<>();

  private static void mail(String to, String text) {
    MAILS.add(to + ": " + text);
  }

  // readme.java
  record Job(long id, String title, String email) {}

  final class JobMailer extends Consumer {
    JobMailer() {
      super("jobs", "mailer");
    }

    @Override
    protected void process(Event event) {
      Job job = event.row(Job.class);
      mail(job.email(), job.title() + " is online");
    }
  }

  // end

  @Test
  void insertedRowReachesTheConsumer() throws Exception {
    DataSource dataSource = database.dataSource();
    execute("create table job (id bigint primary key, title text, email text)");
    execute(SQL.replaceAll("//.*", ""));
    try (Ticker ticker = Ticker.create(dataSource)) {
      ticker.start();
      // readme.run
      ConsumerRunner runner = ConsumerRunner.builder(dataSource).add(new JobMailer()).build();
      runner.start();
      // end
      try (runner) {
        execute("insert into job values (1, 'Baker', 'ann@example.org')");
        assertThat(MAILS.poll(30, TimeUnit.SECONDS)).isEqualTo("ann@example.org: Baker is online");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"readme.sql", "readme.java", "readme.run"})
  void readmeShowsThisCode(String name) throws IOException {
    String shown = region(ROOT.resolve("README.md"), "<!-- " + name + " -->\n```\\w+\n", "```");
    String run = region(SOURCE, "// " + name + "\n", " *// end");
    assertThat(shown).as("README.md, %s", name).isEqualTo(run);
  }

  /** The lines between two markers, moved to the left. */
  static String region(Path file, String begin, String end) throws IOException {
    return Pattern.compile("(?s)" + begin + "(.*?)" + end)
        .matcher(Files.readString(file))
        .results()
        .map(match -> match.group(1).stripTrailing().stripIndent())
        .findFirst()
        .orElseThrow(() -> new AssertionError(file + " has no region " + begin));
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
