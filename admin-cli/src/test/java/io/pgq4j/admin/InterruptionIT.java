package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgq4j.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** ^C on the commands that take long, in a process of their own. */
class InterruptionIT {
  private static final int INTERRUPTED = 128 + 2;

  @RegisterExtension final TestDatabase database = TestDatabase.create();

  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void queue() throws SQLException {
    Sql.query(database, "select pgq.create_queue('jobs')");
    Sql.query(database, "select pgq.register_consumer('jobs', 'mailer')");
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void tailIsWokenByATickAndEndsWithAWholeLine() throws Exception {
    Process tail = start("tail", "jobs", "--from", "oldest", "-o", "json");
    BufferedReader out = reader(tail);
    for (int i = 0; i < 3; i++) {
      Sql.query(database, "select pgq.insert_event('jobs', 't', '" + i + "')");
      Sql.query(database, "select pgq.ticker('jobs')");
      assertThat(new ObjectMapper().readTree(out.readLine()).get("data").textValue())
          .isEqualTo(String.valueOf(i));
    }
    interrupt(tail);
    assertThat(out.readLine()).isNull();
    assertThat(tail.exitValue()).isEqualTo(INTERRUPTED);
    assertThat(Sql.query(database, "select consumer_name from pgq.get_consumer_info()"))
        .containsExactly("mailer");
  }

  @Test
  void anInterruptedInsertLeavesNoEvent() throws Exception {
    Process insert = start("insert", "jobs", "t", "--stdin");
    try (OutputStream in = insert.getOutputStream()) {
      in.write("line\n".repeat(3000).getBytes(StandardCharsets.UTF_8));
      in.flush();
      // Some have arrived at the server, in a transaction that is open.
      awaitBackend("insert_events");
      interrupt(insert);
    } catch (IOException e) {
      assertThat(insert.isAlive()).isFalse();
    }
    assertThat(insert.exitValue()).isEqualTo(INTERRUPTED);
    assertThat(Sql.query(database, "select count(*) from pgq.event")).containsExactly("0");
    Sql.query(database, "select pgq.insert_event('jobs', 't', 'after')");
    Sql.query(database, "select pgq.ticker('jobs')");
    assertThat(Sql.query(database, "select ev_data from pgq.event")).containsExactly("after");
  }

  @Test
  void theLiveStatusEndsBetweenTwoLooks() throws Exception {
    Process status = start("status", "--watch", "--every", "1d", "-o", "json");
    BufferedReader out = reader(status);
    assertThat(new ObjectMapper().readTree(out.readLine()).at("/queues/0/queue").textValue())
        .isEqualTo("jobs");
    interrupt(status);
    assertThat(out.readLine()).isNull();
    assertThat(status.exitValue()).isEqualTo(INTERRUPTED);
  }

  private void awaitBackend(String query) throws SQLException {
    String sql =
        "select 1 from pg_stat_activity where datname = current_database() and query like '%"
            + query
            + "%' and state = 'idle in transaction'";
    while (Sql.query(database, sql).isEmpty()) {
      Thread.onSpinWait();
    }
  }

  private Process start(String... args) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PGQ_URL", database.url());
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private static BufferedReader reader(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("it ends").isTrue();
  }
}
