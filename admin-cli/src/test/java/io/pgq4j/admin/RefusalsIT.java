package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefusalsIT {
  @RegisterExtension final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void queueAndTable() throws SQLException {
    Sql.execute(database, "select pgq.create_queue('jobs')");
    Sql.execute(database, "select pgq.register_consumer('jobs', 'mailer')");
    Sql.execute(database, "create table job (id int primary key, title text)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status job",
        "drop-queue job",
        "register job mailer",
        "unregister job mailer",
        "insert job t 1",
        "tick job",
        "watch-table public.job job",
        "unwatch-table public.job job"
      })
  void anUnknownQueueIsNotFoundAndTheNearestIsSuggested(String args) {
    assertRefused(
        ExitCode.NOT_FOUND,
        "There is no queue 'job'; did you mean 'jobs'? 'pgq-admin status' lists the queues,"
            + " 'pgq-admin create-queue' makes one.",
        Shell.words(args));
  }

  @Test
  void anUnknownConsumerIsNotFoundAndTheNearestIsSuggested() {
    assertRefused(
        ExitCode.NOT_FOUND,
        "Queue 'jobs' has no consumer 'maler'; did you mean 'mailer'? 'pgq-admin status QUEUE' lists"
            + " its consumers, 'pgq-admin register' adds one.",
        "unregister",
        "jobs",
        "maler");
  }

  @ParameterizedTest
  @CsvSource({
    "public.jbo, ; did you mean 'public.job'?",
    "jobb, ; did you mean 'job'?",
    "nowhere.at_all, .",
    "Job, ; did you mean 'job'?"
  })
  void anUnknownTableIsNotFound(String table, String suggestion) {
    for (String command : List.of("watch-table", "unwatch-table")) {
      String exact = "\"" + table.replace(".", "\".\"") + "\"";
      assertRefused(
          ExitCode.NOT_FOUND,
          "There is no table '"
              + exact
              + "'"
              + suggestion
              + " Write it as in SQL: with its schema, and in double quotes where SQL needs them.",
          command,
          exact,
          "jobs");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "job; drop table job", "\"job", "a.b.c.d", "job\njob", "'job'", "12", "$$"})
  void aTableNameThatIsNoneIsRefused(String table) throws SQLException {
    for (String command : List.of("watch-table", "unwatch-table")) {
      Run run = run(command, "--", table, "jobs");
      assertThat(run.exitCode()).as(run.err()).isIn(ExitCode.NOT_FOUND, ExitCode.USAGE);
      assertThat(run.err()).startsWith("pgq-admin: ").hasLineCount(1);
    }
    assertThat(Sql.query(database, "select count(*) from job")).containsExactly("0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--ignore nosuch",
        "--key id,nosuch",
        "--where 'nosuch > 1'",
        "--where 'id >'",
        "--where id",
        "--where 'true) or (nosuch(id)'",
        "--where 'exists (select from nosuch)'",
        "--where 'id = 1; drop table job'"
      })
  void badOptionsOfAWatchLeaveNoTrigger(String options) throws SQLException {
    Run run = run(Shell.words("watch-table job jobs " + options));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).startsWith("pgq-admin: ").hasLineCount(1).doesNotContain("install");
    assertNoTriggers();
    assertThat(Sql.query(database, "select count(*) from job")).containsExactly("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pgq.queue", "pgq.event", "pg_catalog.pg_class", "a_view"})
  void whatIsNoTableOfTheUserIsNotWatched(String table) throws SQLException {
    Sql.execute(database, "create view a_view as select 1 as id");
    Run run = run("watch-table", table, "jobs");
    assertThat(run.exitCode()).as(run.err()).isIn(ExitCode.USAGE, ExitCode.CHECK_FAILED);
    assertNoTriggers();
  }

  @Test
  void aTableThatIsNotWatchedCannotBeUnwatched() {
    assertRefused(
        ExitCode.NOT_FOUND,
        "Table 'job' for queue 'jobs' is not watched, so there is nothing to end.",
        "unwatch-table",
        "job",
        "jobs");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nosuch=1",
        "ticker_max_lag=soon",
        "ticker_max_lag=",
        "ticker_max_lag='-1 second'",
        "ticker_max_count=0",
        "ticker_max_count=99999999999",
        "ticker_paused=perhaps",
        "'ticker_paused=true; drop table job'",
        "'ticker_paused = true where true; --=1'"
      })
  void aBadSettingLeavesNoQueueBehind(String setting) throws SQLException {
    Run run = run(Shell.words("create-queue fresh ticker_max_count=5 " + setting));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).startsWith("pgq-admin: ").hasLineCount(1);
    assertThat(Sql.query(database, "select queue_name from pgq.queue")).containsExactly("jobs");
    assertThat(
            Sql.query(
                database,
                "select count(*) from pg_class where relname like 'event\\_2%' and relkind <> 'i'"))
        .containsExactly("0");
  }

  @Test
  void aQueueWithConsumersIsDroppedOnlyByForce() throws SQLException {
    Run run = run("drop-queue", "jobs");
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.err()).contains("consumers", "pgq-admin drop-queue --force").hasLineCount(1);
    assertThat(Sql.query(database, "select queue_name from pgq.queue")).containsExactly("jobs");
  }

  @Test
  void aWatchedQueueIsNotEvenDroppedByForce() throws SQLException {
    Sql.execute(database, "select pgq.watch_table('job', 'jobs')");
    Run run = run("drop-queue", "jobs", "--force", "--yes");
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.err()).contains("job", "pgq-admin unwatch-table").hasLineCount(1);
    assertThat(Sql.query(database, "select queue_name from pgq.queue")).containsExactly("jobs");
  }

  @Test
  void aPausedQueueIsNotTicked() throws SQLException {
    Sql.execute(database, "select pgq.set_queue_config('jobs', 'ticker_paused', 'true')");
    Run run = run("tick", "jobs");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.err()).contains("paused").hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void aQueueThatTakesNoEventsSaysSo() throws SQLException {
    Sql.execute(database, "select pgq.set_queue_config('jobs', 'disable_insert', 'true')");
    Run run = run("insert", "jobs", "t", "1");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.err()).contains("disable_insert").hasLineCount(1);
  }

  @Test
  void whoHasNoRightIsToldSo() throws SQLException {
    String user = database.createUser("");
    for (String args :
        List.of(
            "create-queue x", "register jobs y", "insert jobs t 1", "drop-queue jobs", "status")) {
      Run run = runAs(user, Shell.words(args));
      assertThat(run.exitCode()).as(args + ": " + run.err()).isEqualTo(ExitCode.CHECK_FAILED);
      assertThat(run.err()).startsWith("pgq-admin: permission denied").hasLineCount(1);
    }
    assertThat(Sql.query(database, "select queue_name from pgq.queue")).containsExactly("jobs");
  }

  @Test
  void theTableOfAnotherIsNotWatched() throws SQLException {
    String user = database.createUser("in role pgq_admin");
    Run run = runAs(user, "watch-table", "job", "jobs");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.CHECK_FAILED);
    assertNoTriggers();
  }

  @Test
  void aLockThatIsNotFreeIsNotWaitedForForever() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("select pgq.insert_event('jobs', 't', '1')");
      Run run = run("drop-queue", "jobs", "--force", "--yes");
      assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.CHECK_FAILED);
      connection.rollback();
    }
    assertThat(Sql.query(database, "select queue_name from pgq.queue")).containsExactly("jobs");
  }

  @Test
  void aReadOnlyDatabaseIsNamedAsTheReason() throws SQLException {
    Sql.execute(
        database,
        "do $$ begin execute format('alter database %I set default_transaction_read_only = on',"
            + " current_database()); end $$");
    Run run = run("create-queue", "fresh");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.err()).contains("read-only").hasLineCount(1);
    assertThat(run("status").exitCode()).isEqualTo(ExitCode.OK);
  }

  private void assertNoTriggers() throws SQLException {
    assertThat(Sql.query(database, "select tgname from pg_trigger where tgname like 'pgq%'"))
        .isEmpty();
  }

  private void assertRefused(int exitCode, String sentence, String... args) {
    Run run = run(args);
    assertThat(run.err()).isEqualToNormalizingNewlines("pgq-admin: " + sentence + "\n");
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.out()).isEmpty();
  }

  private Run run(String... args) {
    return Run.with(Map.of("PGQ_URL", database.url()), args);
  }

  private Run runAs(String user, String... args) {
    String url = database.url().replaceAll("([?&])(user|password)=[^&]*&?", "$1");
    return Run.with(
        Map.of(
            "PGQ_URL", url + (url.contains("?") ? "&" : "?") + "user=" + user + "&password=secret"),
        args);
  }
}
