package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class CommandsIT {
  @RegisterExtension final TestDatabase database = TestDatabase.create();

  @Test
  void aQueueIsCreatedOnceWithItsSettings() throws Exception {
    Run first = ok("create-queue", "jobs", "ticker_max_count=7", "rotation_period=90 minutes");
    assertThat(first.out()).isEmpty();
    assertThat(first.err()).isEqualToNormalizingNewlines("Queue 'jobs' created.\n");

    Run second = ok("create-queue", "jobs", "-o", "json");
    assertThat(second.err()).contains("exists already");
    assertThat(second.json()).isEqualTo(json("{'queue': 'jobs', 'created': false}"));

    assertThat(
            query("select queue_ticker_max_count || '/' || queue_rotation_period from pgq.queue"))
        .containsExactly("7/01:30:00");
  }

  @Test
  void theSettingsOfAnExistingQueueAreChanged() throws Exception {
    ok("create-queue", "jobs");
    assertThat(ok("create-queue", "jobs", "ticker_max_count=9").err()).contains("settings changed");
    assertThat(query("select queue_ticker_max_count from pgq.queue")).containsExactly("9");
  }

  @Test
  void consumersComeAndGo() throws Exception {
    ok("create-queue", "jobs");
    assertThat(ok("register", "jobs", "mailer").err()).contains("registered");
    assertThat(ok("register", "jobs", "mailer", "-o", "json").json())
        .isEqualTo(json("{'queue': 'jobs', 'consumer': 'mailer', 'registered': false}"));
    assertThat(query("select consumer_name from pgq.get_consumer_info()"))
        .containsExactly("mailer");
    assertThat(ok("unregister", "jobs", "mailer", "--yes", "-o", "json").json())
        .isEqualTo(json("{'queue': 'jobs', 'consumer': 'mailer', 'unregistered': true}"));
    assertThat(query("select consumer_name from pgq.get_consumer_info()")).isEmpty();
  }

  @Test
  void anEventIsInsertedTickedAndCounted() throws Exception {
    ok("create-queue", "jobs");
    ok("register", "jobs", "mailer");
    long id = Long.parseLong(ok("insert", "jobs", "job.created", "{\"id\": 1}").out().strip());
    assertThat(ok("insert", "jobs", "t", "@x", "-o", "json").json().get("event_id").longValue())
        .isGreaterThan(id);
    assertThat(ok("insert", "jobs", "t", "--", "-5").out()).isNotBlank();
    JsonNode tick = ok("tick", "jobs", "-o", "json").json();
    assertThat(tick.get("queue").textValue()).isEqualTo("jobs");
    assertThat(ok("status", "jobs").out()).containsPattern("  mailer .* [0-9]+\n");

    String batch = query("select pgq.next_batch('jobs', 'mailer')").get(0);
    assertThat(query("select ev_type || ' ' || ev_data from pgq.get_batch_events(" + batch + ")"))
        .containsExactly("job.created {\"id\": 1}", "t @x", "t -5");
    assertThat(query("select next_tick from pgq.get_consumer_info()"))
        .containsExactly(tick.get("tick_id").asText());
  }

  @Test
  void dataThatBeginsWithAnAtSignIsNoFileOfArguments(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("secret"), "what the file says");
    ok("create-queue", "jobs");
    ok("insert", "jobs", "t", "@" + file);
    assertThat(query("select ev_data from pgq.event")).containsExactly("@" + file);
  }

  @Test
  void tickWithoutAQueueTicksThoseThatAreDue() throws Exception {
    ok("create-queue", "busy");
    ok("create-queue", "idle");
    ok("insert", "busy", "t", "1");
    assertThat(ok("tick").out().strip()).isEqualTo("1");
    assertThat(ok("tick", "-o", "json").json()).isEqualTo(json("{'queues_ticked': 0}"));
  }

  @Test
  void tickTellsTheTicksIdOnStdout() throws Exception {
    ok("create-queue", "jobs");
    String tick = ok("tick", "jobs").out().strip();
    assertThat(query("select last_tick_id from pgq.get_queue_info()")).containsExactly(tick);
  }

  @Test
  void aWatchedTableFeedsTheQueueUntilItIsUnwatched() throws Exception {
    execute("create table job (id int primary key, title text, seen_at timestamptz)");
    ok("create-queue", "jobs");
    ok(
        "watch-table",
        "job",
        "jobs",
        "--operations",
        "insert,UPDATE",
        "--ignore",
        "seen_at",
        "--old-row",
        "--key",
        "id",
        "--where",
        "id > 1");
    execute("insert into job values (1, 'no', null), (2, 'yes', now())");
    execute("update job set title = 'well' where id = 2");
    execute("delete from job");
    assertThat(
            query(
                "select ev_type || ' ' || ev_data || ' ' || ev_extra3 || ' '"
                    + " || coalesce(ev_extra2, '-') from pgq.event order by ev_id"))
        .containsExactly(
            "INSERT {\"id\":2,\"title\":\"yes\"} id -",
            "UPDATE {\"id\":2,\"title\":\"well\"} id {\"id\":2,\"title\":\"yes\"}");

    Run run = ok("unwatch-table", "public.job", "jobs", "-o", "json");
    assertThat(run.json().get("triggers_removed").intValue()).isPositive();
    assertThat(triggers()).isZero();
  }

  @Test
  void aTableCanBeWatchedRowByRowAndUnderReplication() throws Exception {
    execute("create table job (id int primary key)");
    ok("create-queue", "jobs");
    ok("watch-table", "job", "jobs", "--level", "row", "--always");
    assertThat(
            query(
                "select distinct tgenabled::text || ' ' || (tgtype & 1) from pg_trigger"
                    + " where tgrelid = 'job'::regclass and tgname not like '%truncate'"))
        .containsExactly("A 1");
  }

  @Test
  void theStatusIsTheSameInBothForms() throws Exception {
    ok("create-queue", "jobs", "ticker_max_lag=500 ms", "ticker_paused=true");
    ok("register", "jobs", "mailer");
    ok("create-queue", "mail");
    String table = ok("status").out();
    assertThat(table)
        .containsPattern("Event queue +Rotation +Ticker +TLag +EPS +New\n")
        .containsPattern("  jobs +3/2h +paused +")
        .containsPattern("  mail +3/2h +500/0s/1m +")
        .containsPattern("Consumer +Lag +LastSeen +Pending\n")
        .containsPattern("\njobs:\n  mailer +");

    JsonNode queues = ok("status", "-o", "json").json().get("queues");
    assertThat(queues)
        .extracting(queue -> queue.get("queue").textValue())
        .containsExactly("jobs", "mail");
    JsonNode jobs = queues.get(0);
    assertThat(jobs.get("ticker_max_lag_seconds").decimalValue()).isEqualByComparingTo("0.5");
    assertThat(jobs.get("rotation_period_seconds").intValue()).isEqualTo(7200);
    assertThat(jobs.get("ticker_paused").booleanValue()).isTrue();
    assertThat(jobs.get("consumers").get(0).get("consumer").textValue()).isEqualTo("mailer");
    assertThat(jobs.get("consumers").get(0).get("pending_events").intValue()).isZero();
    assertThat(ok("status", "mail", "-o", "json").json().get("queues")).hasSize(1);
  }

  @Test
  void withoutQueuesTheStatusSaysHowToMakeOne() {
    Run run = ok("status");
    assertThat(run.out()).startsWith("Event queue");
    assertThat(run.err()).contains("pgq-admin create-queue");
    assertThat(ok("status", "-o", "json").out()).isEqualToIgnoringWhitespace("{\"queues\": []}");
  }

  @Test
  void dropQueueLeavesNothing() throws Exception {
    ok("create-queue", "jobs");
    ok("register", "jobs", "mailer");
    assertThat(ok("drop-queue", "jobs", "--force", "--yes", "-o", "json").json())
        .isEqualTo(json("{'queue': 'jobs', 'dropped': true}"));
    assertThat(query("select queue_name from pgq.queue")).isEmpty();
  }

  @Test
  void theVersionOfProgramAndSchemaIsShown() throws Exception {
    assertThat(ok("version").out())
        .containsPattern("pgq-admin +\\d")
        .containsPattern("schema +\\d+\n");
    JsonNode json = ok("version", "-o", "json").json();
    assertThat(json.at("/schema/state").textValue()).isEqualTo("current");
    assertThat(json.at("/schema/installed")).isEqualTo(json.at("/schema/needed"));
  }

  @Test
  void aHostileSessionDefaultChangesNothing() throws Exception {
    execute(
        "do $$ begin execute format('alter database %I set default_transaction_isolation ="
            + " serializable', current_database()); execute format('alter database %I set search_path"
            + " = nowhere', current_database()); end $$");
    ok("create-queue", "jobs");
    ok("insert", "jobs", "t", "1");
    assertThat(ok("tick", "jobs").out()).isNotBlank();
    assertThat(ok("status").out()).contains("  jobs ");
  }

  private Run ok(String... args) {
    Run run = Run.with(Map.of("PGQ_URL", database.url()), args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return run;
  }

  private static JsonNode json(String text) throws Exception {
    return new Run(0, text.replace('\'', '"'), "").json();
  }

  private long triggers() throws SQLException {
    return Long.parseLong(query("select count(*) from pg_trigger where tgname like 'pgq%'").get(0));
  }

  private List<String> query(String sql) throws SQLException {
    return Sql.query(database, sql);
  }

  private void execute(String sql) throws SQLException {
    Sql.execute(database, sql);
  }
}
