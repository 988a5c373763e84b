package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SchemaStatesIT {
  private static final List<String> COMMANDS =
      List.of(
          "create-queue jobs",
          "drop-queue jobs --force",
          "status",
          "status jobs",
          "register jobs mailer",
          "unregister jobs mailer",
          "watch-table job jobs",
          "unwatch-table job jobs",
          "insert jobs t 1",
          "tick",
          "tick jobs",
          "version");

  @RegisterExtension final TestDatabase database = TestDatabase.empty();

  @Test
  void withoutTheSchemaEveryCommandPointsToInstall() throws SQLException {
    assertAllRefused("pgq-admin install");
    assertThat(Sql.query(database, "select nspname from pg_namespace where nspname = 'pgq'"))
        .isEmpty();
  }

  @Test
  void installInstallsOnce() throws Exception {
    Run first = run("install", "-o", "json");
    assertThat(first.exitCode()).as(first.err()).isEqualTo(ExitCode.OK);
    assertThat(first.err()).contains("installed", "create-queue");
    assertThat(first.json().get("before").textValue()).isEqualTo("missing");
    assertThat(first.json().get("applied")).isNotEmpty();
    assertThat(run("create-queue", "jobs").exitCode()).isEqualTo(ExitCode.OK);

    Run second = run("install", "-o", "json");
    assertThat(second.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(second.err()).contains("up to date").hasLineCount(1);
    assertThat(second.json().get("before").textValue()).isEqualTo("current");
    assertThat(second.json().get("applied")).isEmpty();
    assertThat(second.json().get("version")).isEqualTo(first.json().get("version"));
    assertThat(run("install").out()).isEmpty();
    assertThat(Sql.query(database, "select queue_name from pgq.queue")).containsExactly("jobs");
  }

  @Test
  void theSchemaOfAnotherProgramIsLeftAlone() throws SQLException {
    Sql.execute(database, "create schema pgq");
    Sql.execute(database, "create table pgq.queue (queue_name text)");
    Sql.execute(
        database, "create function pgq.create_queue(text) returns int language sql as 'select 1'");
    assertAllRefused("not pgq4j's");
    Run install = run("install");
    assertThat(install.exitCode()).isEqualTo(ExitCode.SCHEMA);
    assertThat(install.err()).contains("not pgq4j's").hasLineCount(1);
    assertThat(
            Sql.query(
                database, "select relname from pg_class where relnamespace = 'pgq'::regnamespace"))
        .containsExactly("queue");
  }

  @Test
  void aNewerSchemaAsksForANewerProgram() throws SQLException {
    run("install");
    Sql.execute(
        database,
        "insert into pgq.schema_history select max(installed_rank) + 1, '9999', 'x', 'SQL', 'V9999__x.sql',"
            + " 1, 'x', now(), 1, true from pgq.schema_history");
    assertAllRefused("Upgrade pgq4j");
    assertThat(run("install").exitCode()).isEqualTo(ExitCode.SCHEMA);
    assertThat(run("version").out()).contains("9999 (newer than ");
  }

  @Test
  void anOlderSchemaAsksForInstallWhichCuresIt() throws SQLException {
    run("install");
    Sql.execute(database, "update pgq.schema_history set checksum = 1 where version is null");
    assertAllRefused("pgq-admin install");
    assertThat(run("install").exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run("status").exitCode()).isEqualTo(ExitCode.OK);
  }

  @Test
  void theScriptIsPrintedWithoutADatabase() {
    Run run = Run.with(Map.of("PGQ_URL", "postgresql://127.0.0.1:1/none"), "install", "--print");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("--").contains("pgq.create_queue").endsWith("commit;\n");
  }

  @Test
  void theScriptOfPgqExtNeedsNothingOfPgq() {
    Run run =
        Run.with(Map.of("PGQ_URL", "postgresql://127.0.0.1:1/none"), "install", "--print-ext");
    assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
    assertThat(run.out())
        .startsWith("--")
        .contains("pgq_ext.set_batch_done")
        .doesNotContain("pgq.")
        .endsWith("commit;\n");
  }

  @Test
  void whoMayNotCreateASchemaIsToldWhatIsMissing() throws SQLException {
    String user = database.createUser("");
    String url = database.url().replaceAll("([?&])(user|password)=[^&]*&?", "$1");
    String sign = url.contains("?") ? "&" : "?";
    Run run =
        Run.with(Map.of("PGQ_URL", url + sign + "user=" + user + "&password=secret"), "install");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.err()).contains("grant create on database").hasLineCount(1);
  }

  private void assertAllRefused(String sentence) {
    for (String command : COMMANDS) {
      Run run = run(Shell.words(command));
      assertThat(run.exitCode()).as(command + ": " + run.err()).isEqualTo(ExitCode.SCHEMA);
      assertThat(run.err())
          .as(command)
          .startsWith("pgq-admin: ")
          .contains(sentence)
          .hasLineCount(1);
    }
  }

  private Run run(String... args) {
    return Run.with(Map.of("PGQ_URL", database.url()), args);
  }
}
