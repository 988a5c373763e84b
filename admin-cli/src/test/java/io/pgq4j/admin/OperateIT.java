package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Consumers and queues, looked at and moved. */
class OperateIT {
  @RegisterExtension final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void aQueueWithThreeTicks() throws SQLException {
    query("select pgq.create_queue('jobs')");
    query("select pgq.register_consumer('jobs', 'mailer')");
    insertAndTick("a");
    insertAndTick("b");
  }

  @Test
  void consumersAreListedInEachForm() throws Exception {
    query("select pgq.pause_consumer('jobs', 'mailer')");
    assertThat(ok("consumers", "jobs").out())
        .containsPattern("Queue +Consumer +Lag +Seen +Pending")
        .containsPattern("jobs +mailer .* yes\n");
    JsonNode mailer = ok("consumers", "-o", "json").json().at("/consumers/0");
    assertThat(mailer.get("consumer").textValue()).isEqualTo("mailer");
    assertThat(mailer.get("pending").longValue()).isGreaterThanOrEqualTo(2);
    assertThat(mailer.get("paused").booleanValue()).isTrue();
    assertThat(mailer.get("batch").isNull()).isTrue();
    assertThat(ok("consumers", "-o", "csv").out())
        .startsWith("queue,consumer,lag_seconds,")
        .containsPattern("\njobs,mailer,[0-9.]+,");
    assertThat(ok("consumers", "-o", "csv", "--", "jobs").out()).hasLineCount(2);
  }

  @Test
  void batchesAreOpenFinishedOrAbandoned() throws Exception {
    long first = batch();
    query("select pgq.finish_batch(" + first + ")");
    long second = batch();
    JsonNode rows = ok("batches", "jobs", "mailer", "-o", "json").json().get("batches");
    assertThat(rows).extracting(row -> row.get("batch").longValue()).containsExactly(second, first);
    assertThat(rows)
        .extracting(row -> row.get("state").textValue())
        .containsExactly("open", "finished");
    assertThat(rows.get(1).get("events").longValue()).isPositive();
    assertThat(rows.get(1).get("took_seconds").isNumber()).isTrue();

    ok("seek", "jobs", "mailer", "oldest", "--yes");
    assertThat(ok("batches", "-o", "csv").out())
        .contains("," + second + ",abandoned,")
        .contains("," + first + ",finished,");
    assertThat(ok("batches", "--open", "-o", "csv").out()).hasLineCount(1);
    assertThat(ok("batches", "--limit", "1", "-o", "csv").out()).hasLineCount(2);
  }

  @Test
  void seekMovesAConsumerBackAndAhead() throws Exception {
    String oldest = query("select tick_id from pgq.oldest_tick('jobs')").get(0);
    String last = query("select last_tick_id from pgq.get_queue_info()").get(0);
    JsonNode moved = ok("seek", "jobs", "mailer", "latest", "--yes", "-o", "json").json();
    assertThat(moved.get("tick_id").asText()).isEqualTo(last);
    assertThat(position()).isEqualTo(last);
    ok("seek", "jobs", "mailer", "1d", "--yes");
    assertThat(position()).isEqualTo(oldest);
    ok("seek", "jobs", "mailer", "2030-01-01T00:00:00Z", "--yes");
    assertThat(position()).isEqualTo(last);

    Run dry = ok("seek", "jobs", "mailer", oldest, "--dry-run");
    assertThat(dry.err())
        .contains("back from tick " + last + " to tick " + oldest)
        .startsWith("It would: ");
    assertThat(position()).isEqualTo(last);
  }

  @Test
  void aTickThatIsNotThereIsRefused() {
    Run run = run("seek", "jobs", "mailer", "999999", "--yes");
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.err()).contains("no tick 999999").hasLineCount(1);
  }

  @Test
  void aConsumerStartsInThePastOrWhereAnotherOneIs() throws Exception {
    ok("register", "jobs", "all", "--at", "oldest");
    assertThat(events("all")).containsExactly("a", "b");
    query("select pgq.finish_batch(" + batch() + ")");
    ok("register", "jobs", "twin", "--copy-of", "mailer");
    assertThat(events("twin")).containsExactly("b");
    Run again = ok("register", "jobs", "twin", "--at", "oldest", "-o", "json");
    assertThat(again.json().get("registered").booleanValue()).isFalse();
    assertThat(events("twin")).containsExactly("b");
    assertThat(run("register", "jobs", "x", "--copy-of", "malier").err())
        .contains("did you mean 'mailer'?");
    assertThat(run("register", "jobs", "x", "--at", "oldest", "--copy-of", "mailer").exitCode())
        .isEqualTo(ExitCode.USAGE);
    assertThat(query("select count(*) from pgq.consumer where co_name = 'x'")).containsExactly("0");
  }

  @Test
  void queuesAndConsumersArePausedAndResumed() throws Exception {
    assertThat(ok("pause", "jobs").err()).isEqualToIgnoringNewLines("Queue 'jobs' is paused.");
    assertThat(ok("pause", "jobs", "-o", "json").json().get("changed").booleanValue()).isFalse();
    assertThat(query("select queue_ticker_paused from pgq.queue")).containsExactly("t");
    ok("resume", "jobs");
    assertThat(query("select queue_ticker_paused from pgq.queue")).containsExactly("f");
    assertThat(ok("pause", "jobs", "mailer").err()).contains("'mailer' of queue 'jobs' is paused");
    assertThat(
            query("select consumer_name from pgq.get_paused_consumers() where paused_at <= now()"))
        .containsExactly("mailer");
    assertThat(ok("resume", "jobs", "mailer").err()).contains("is running.");
    assertThat(ok("resume", "jobs", "mailer").err()).contains("was running already.");
  }

  @Test
  void settingsAreShownAsTheyAreSet() throws Exception {
    ok("config", "set", "jobs", "per_tx_limit=7", "retry_delay=90 seconds", "ntables=4");
    JsonNode rows = ok("config", "show", "jobs", "-o", "json").json().get("settings");
    assertThat(rows).hasSize(12);
    assertThat(ok("config", "show", "jobs", "-o", "csv").out())
        .contains("per_tx_limit,7,\"\"\n", "retry_delay,00:01:30,00:00:01\n", "ntables,4,3\n");
    ok("config", "set", "jobs", "per_tx_limit=");
    for (JsonNode row : rows) {
      String setting = row.get("setting").textValue() + "=" + row.get("default").textValue();
      ok("config", "set", "jobs", setting);
    }
    query("select pgq.create_queue('new')");
    assertThat(ok("config", "show", "jobs").out()).isEqualTo(ok("config", "show", "new").out());
  }

  @Test
  void settingsAreChangedAllOrNone() throws Exception {
    Run run = run("config", "set", "jobs", "max_retries=3", "ticker_max_lag=soon");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(query("select queue_max_retries from pgq.queue")).containsExactly("9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "consumers job",
        "batches job",
        "seek job mailer oldest --yes",
        "register job x --at oldest",
        "pause job",
        "resume job",
        "config show job",
        "config set job ntables=4"
      })
  void anUnknownQueueIsNotFound(String command) {
    Run run = run(Shell.words(command));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).contains("no queue 'job'; did you mean 'jobs'?").hasLineCount(1);
    assertThat(run.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "batches jobs maler",
        "seek jobs maler oldest",
        "pause jobs maler",
        "resume jobs maler"
      })
  void anUnknownConsumerIsNotFound(String command) {
    Run run = run(Shell.words(command));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).contains("no consumer 'maler'; did you mean 'mailer'?").hasLineCount(1);
  }

  private void insertAndTick(String data) throws SQLException {
    query("select pgq.insert_event('jobs', 't', '" + data + "')");
    query("select pgq.ticker('jobs')");
  }

  private long batch() throws SQLException {
    return Long.parseLong(query("select pgq.next_batch('jobs', 'mailer')").get(0));
  }

  /** What a consumer has still to get. */
  private List<String> events(String consumer) throws SQLException {
    return query(
        "select e.ev_data from pgq.get_consumer_info('jobs', '"
            + consumer
            + "') i join pgq.tick f on f.tick_id = i.last_tick"
            + " cross join lateral (select tick_snapshot from pgq.tick order by tick_id desc limit 1) u"
            + " join pgq.event e on not txid_visible_in_snapshot(e.ev_txid, f.tick_snapshot)"
            + " and txid_visible_in_snapshot(e.ev_txid, u.tick_snapshot) order by e.ev_id");
  }

  private String position() throws SQLException {
    return query("select last_tick from pgq.get_consumer_info('jobs', 'mailer')").get(0);
  }

  private Run ok(String... args) {
    Run run = run(args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return run;
  }

  private Run run(String... args) {
    return Run.with(Map.of("PGQ_URL", database.url()), args);
  }

  private List<String> query(String sql) throws SQLException {
    return Sql.query(database, sql);
  }
}
