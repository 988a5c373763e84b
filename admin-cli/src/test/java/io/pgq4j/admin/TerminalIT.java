package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pgq4j.testing.TestDatabase;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only a terminal shows; {@code script} of util-linux makes one. */
class TerminalIT {
  private static final int WIDTH = 56;

  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  @BeforeAll
  static void queue() throws SQLException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no script, so no terminal");
    Sql.query(database, "select pgq.create_queue('jobs')");
    Sql.query(database, "select pgq.register_consumer('jobs', 'mailer')");
  }

  @Test
  void aTableFitsAndItsHeaderIsBoldUnlessNoColourIsWanted() throws Exception {
    String plain = onTerminal("NO_COLOR=1", "", "ticks", "jobs");
    assertThat(plain).doesNotContain("\u001b").contains("Tick id");
    assertThat(plain.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
    assertThat(onTerminal("NO_COLOR=", "", "ticks", "jobs")).contains("\u001b[1mTick id");
  }

  @Test
  void whoSitsThereIsAsked() throws Exception {
    String words = onTerminal("NO_COLOR=1", "no\n", "unregister", "jobs", "mailer");
    assertThat(words).contains("Go on? [y/N]", "Nothing was done.");
    assertThat(Sql.query(database, "select consumer_name from pgq.get_consumer_info()"))
        .containsExactly("mailer");
  }

  private static String onTerminal(String environment, String typed, String... args)
      throws Exception {
    String command =
        "stty cols %d; TERM=xterm %s '%s/bin/java' -XX:TieredStopAtLevel=1 -cp '%s' %s %s"
            .formatted(
                WIDTH,
                environment,
                System.getProperty("java.home"),
                System.getProperty("java.class.path"),
                Main.class.getName(),
                String.join(" ", List.of(args)));
    ProcessBuilder builder = new ProcessBuilder("script", "-qec", command, "/dev/null");
    builder.environment().put("PGQ_URL", database.url());
    Process process = builder.redirectErrorStream(true).start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(typed.getBytes(StandardCharsets.UTF_8));
    }
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
        .replace("\r", "");
  }
}
