package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the ticker does, by hand; rights, configuration and the schema. */
class MaintainIT {
  @RegisterExtension final TestDatabase database = TestDatabase.create();

  @Test
  void ticksAreListedYoungestFirst() throws Exception {
    query("select pgq.create_queue('jobs')");
    query("select pgq.insert_event('jobs', 't', '1')");
    String last = ok("tick", "jobs").out().strip();
    JsonNode ticks = ok("ticks", "jobs", "-o", "json").json().get("ticks");
    assertThat(ticks).hasSize(2);
    assertThat(ticks.get(0).get("tick_id").asText()).isEqualTo(last);
    assertThat(ticks.get(0).get("events").intValue()).isPositive();
    assertThat(ticks.get(1).get("events").isNull()).isTrue();
    assertThat(ok("ticks", "jobs", "--limit", "1", "-o", "csv").out()).hasLineCount(2);
    assertThat(run("ticks", "job").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void rotationIsDoneByHandOrSaysWhatIsInTheWay() throws Exception {
    query("select pgq.create_queue('jobs')");
    query("select pgq.register_consumer('jobs', 'mailer')");
    assertThat(run("rotate", "jobs").err()).contains("there is nothing to empty");
    fill();
    ok("rotate", "jobs");
    fill();
    ok("rotate", "jobs");
    fill();
    Run waits = run("rotate", "jobs");
    assertThat(waits.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(waits.err()).contains("a consumer has not finished").hasLineCount(1);
    query("select pgq.seek('jobs', 'mailer', 'infinity'::timestamptz)");
    try (Connection dump = database.connect();
        Statement statement = dump.createStatement()) {
      dump.setAutoCommit(false);
      statement.execute("select from pgq.event");
      assertThat(run("rotate", "jobs").err()).contains("reads or locks the next table");
    }
    assertThat(ok("rotate", "jobs", "-o", "json").json().get("rotated").booleanValue()).isTrue();
    assertThat(query("select queue_rotation_period from pgq.queue")).containsExactly("02:00:00");
    assertThat(query("select count(*) from pgq.event")).containsExactly("2");
  }

  @Test
  void compactionAndRebaseFindNothingToDoHere() throws Exception {
    assertThat(ok("compact").out().strip()).isEqualTo("0");
    assertThat(ok("compact", "-o", "json").json().get("tables_compacted").intValue()).isZero();
    assertThat(ok("rebase", "--dry-run").err()).contains("Anchor 0 queues anew");
    assertThat(ok("rebase", "--yes", "-o", "json").json().get("rebased")).isEmpty();
    assertThat(run("rebase").exitCode()).isEqualTo(ExitCode.USAGE);
  }

  @Test
  void aRestoredQueueIsRebased() throws Exception {
    query("select pgq.create_queue('jobs')");
    query("select pgq.register_consumer('jobs', 'mailer')");
    fill();
    Sql.execute(database, "update pgq.lineage set lin_xid = lin_xid + 1");
    assertThat(ok("rebase", "--dry-run").err()).contains("Anchor 1 queues anew");
    JsonNode row = ok("rebase", "--yes", "-o", "json").json().at("/rebased/0");
    assertThat(row.get("queue").textValue()).isEqualTo("jobs");
    assertThat(row.get("consumer").textValue()).isEqualTo("mailer");
    assertThat(row.get("resent").intValue()).isEqualTo(1);
  }

  @Test
  void rightsOnAQueueComeAndGo() throws Exception {
    query("select pgq.create_queue('jobs')");
    String role = "adm_role_" + Long.toHexString(System.nanoTime());
    Sql.execute(database, "create role " + role);
    try {
      ok("grant", "jobs", role, "consume");
      ok("grant", "jobs", role, "produce");
      String may = "select has_table_privilege('" + role + "', 'pgq.event_1', 'select')";
      assertThat(query(may)).containsExactly("t");
      assertThat(ok("export", "jobs").out()).contains(role, "\"consume\"", "\"produce\"");
      Run revoked = ok("revoke", "jobs", role, "consume", "-o", "json");
      assertThat(revoked.json().get("granted").booleanValue()).isFalse();
      assertThat(query(may)).containsExactly("f");
      ok("revoke", "jobs", role, "produce");
      assertThat(ok("export", "jobs").out()).doesNotContain(role);
    } finally {
      Sql.execute(database, "drop owned by " + role + "; drop role " + role);
    }
    assertThat(run("grant", "jobs", "nobody_at_all", "consume").exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("grant", "jobs", "x", "read").err()).contains("produce, consume");
  }

  @Test
  void whatIsExportedMakesTheSameQueues(@TempDir Path directory) throws Exception {
    Sql.execute(database, "create table job (id int primary key, secret text)");
    ok("create-queue", "jobs", "ticker_max_count=7", "per_tx_limit=100");
    ok("register", "jobs", "mailer");
    ok("watch-table", "job", "jobs", "--mask", "secret", "--operations", "insert");
    ok("create-queue", "it's\u202E");
    Run export = ok("export");
    Path file = Files.writeString(directory.resolve("queues.json"), export.out());
    ok("unwatch-table", "job", "jobs");
    ok("drop-queue", "jobs", "--force", "--yes");
    ok("drop-queue", "it's\u202E", "--yes");

    Run dry = ok("import", file.toString(), "--dry-run", "-o", "csv");
    assertThat(dry.out()).contains("jobs,true,1,1,0\n");
    assertThat(dry.err()).contains("nothing was changed");
    assertThat(query("select count(*) from pgq.queue")).containsExactly("0");
    Run run = Run.withInput(export.out(), environment(), "import");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    assertThat(ok("export").out()).isEqualTo(export.out());
    assertThat(ok("import", file.toString(), "-o", "csv").out()).contains("jobs,false,1,1,0\n");
    assertThat(ok("watches", "jobs", "-o", "json").json().at("/watches/0/table").textValue())
        .isEqualTo("public.job");
    assertThat(ok("watches").out()).contains("\"mask\": [\"secret\"]");
  }

  @Test
  void anImportThatCannotBeIsRefusedWhole() throws Exception {
    for (String text :
        List.of(
            "",
            "nonsense",
            "[]",
            "{\"queues\": [{\"queue\": \"new\"}, {\"queue\": 7}]}",
            "{\"queues\": [{\"queue\": \"new\", \"colour\": 1}]}",
            "{\"queues\": [{\"queue\": \"new\"}, {\"queue\": \"b\", \"settings\": {\"ntables\":"
                + " \"x\"}}]}")) {
      Run run = Run.withInput(text, environment(), "import");
      assertThat(run.exitCode()).as(text + run.err()).isEqualTo(ExitCode.USAGE);
      assertThat(run.err()).hasLineCount(1);
    }
    Run missing =
        Run.withInput(
            "{\"queues\": [{\"queue\": \"new\", \"watches\": [{\"table\": \"nowhere\", \"options\":"
                + " {}}]}]}",
            environment(),
            "import");
    assertThat(missing.exitCode()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run("import", "/no/such/file").exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(query("select count(*) from pgq.queue")).containsExactly("0");
  }

  @Test
  void theSchemaIsUpgradedAndUninstalled() throws Exception {
    assertThat(ok("upgrade", "-o", "json").json().get("before").textValue()).isEqualTo("current");
    Sql.execute(database, "create table job (id int primary key)");
    ok("create-queue", "jobs");
    ok("watch-table", "job", "jobs");
    assertThat(ok("uninstall", "--dry-run").err()).contains("1 queues, 0 consumers, 1 watches");
    assertThat(run("uninstall").exitCode()).isEqualTo(ExitCode.USAGE);
    ok("uninstall", "--yes");
    assertThat(query("select nspname from pg_namespace where nspname like 'pgq%'")).isEmpty();
    Sql.execute(database, "insert into job values (1)");
    assertThat(run("upgrade").exitCode()).isEqualTo(ExitCode.SCHEMA);
    assertThat(run("uninstall", "--yes").exitCode()).isEqualTo(ExitCode.SCHEMA);
    ok("install");
    ok("create-queue", "jobs");
  }

  @Test
  void theStatusGoesOnAndShowsRatesAndWhatIsWrong() throws Exception {
    ok("create-queue", "jobs");
    ok("register", "jobs", "mailer");
    ok("pause", "jobs", "mailer");
    ok("create-queue", "quiet", "ticker_paused=true");
    Run json = ok("status", "--watch", "--every", "1s", "-n", "2", "-o", "json");
    List<String> frames = json.out().lines().toList();
    assertThat(frames).hasSize(2);
    JsonNode first = new ObjectMapper().readTree(frames.get(0)).get("queues");
    assertThat(first.get(0).get("events_per_second").isNull()).isTrue();
    JsonNode second = new ObjectMapper().readTree(frames.get(1)).get("queues");
    assertThat(second.get(0).get("events_per_second").isNumber()).isTrue();
    assertThat(second.get(0).at("/consumers/0/trouble").textValue()).isEqualTo("paused");
    assertThat(second.get(1).get("trouble").textValue()).isEqualTo("no ticks: paused");

    Run screen = Run.on(Run.terminal(80, ""), environment(), "status", "--watch", "-n", "1");
    assertThat(screen.out()).contains("\u001b[H", "\u001b[?25l", "\u001b[?25h", "  mailer");
    assertThat(screen.out().replaceAll("\u001b\\[[?0-9]*[a-zA-Z]", "").lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    assertThat(run("status", "job", "--watch", "-n", "1").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
  }

  private void fill() throws SQLException {
    query("select pgq.insert_event('jobs', 't', '1')");
    ok("tick", "jobs");
  }

  private Run ok(String... args) {
    Run run = run(args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return run;
  }

  private Run run(String... args) {
    return Run.with(environment(), args);
  }

  private Map<String, String> environment() {
    return Map.of("PGQ_URL", database.url());
  }

  private List<String> query(String sql) throws SQLException {
    return Sql.query(database, sql);
  }
}
