package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events inserted, followed, looked at, replayed and given up. */
class EventCommandsIT {
  @RegisterExtension final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void queue() throws SQLException {
    query("select pgq.create_queue('jobs')");
    query("select pgq.register_consumer('jobs', 'mailer')");
  }

  @Test
  void tailPrintsEachEventOnceInTheOrderOfTheirTicks() throws Exception {
    List<String> expected = new ArrayList<>();
    try (Connection slow = database.connect();
        Statement late = slow.createStatement()) {
      slow.setAutoCommit(false);
      late.execute("select pgq.insert_event('jobs', 'late', 'first id, last commit')");
      for (int i = 0; i < 5; i++) {
        insert("t", "n" + i);
        expected.add("n" + i);
        tick();
      }
      slow.commit();
    }
    tick();
    expected.add("first id, last commit");
    insert("t", "not ticked");
    List<JsonNode> events =
        lines(ok("tail", "jobs", "--from", "oldest", "--no-follow", "-o", "json"));
    assertThat(events).extracting(e -> e.get("data").textValue()).isEqualTo(expected);
    assertThat(events).extracting(e -> e.get("tick_id").longValue()).isSorted();
    assertThat(position()).isEqualTo(query("select tick_id from pgq.oldest_tick('jobs')"));
  }

  @Test
  void tailTakesOnlyWhatIsWanted() throws Exception {
    query("select pgq.insert_event('jobs', 'a', '1', 'public.job', null, null, null)");
    query("select pgq.insert_event('jobs', 'b', '2', 'public.job', null, null, null)");
    query("select pgq.insert_event('jobs', 'b', '3', 'public.ad', null, null, null)");
    query("select pgq.insert_event('jobs', null, null)");
    tick();
    assertThat(data(tail("--type", "a,b"))).containsExactly("1", "2", "3");
    assertThat(data(tail("--type", "b", "--extra1", "public.ad"))).containsExactly("3");
    assertThat(data(tail("--count", "2"))).containsExactly("1", "2");
    assertThat(tail()).hasSize(4);
    assertThat(ok("tail", "jobs", "--from", "latest", "--no-follow").out()).isEmpty();
  }

  @Test
  void retriesOfOneConsumerAreNotForTail() throws Exception {
    insert("t", "1");
    tick();
    query(
        "select pgq.event_retry(b, (select ev_id from pgq.event), 0) from pgq.next_batch('jobs',"
            + " 'mailer') b");
    query("select pgq.maint_retry_events()");
    tick();
    assertThat(query("select count(*) from pgq.event")).containsExactly("2");
    assertThat(data(tail())).containsExactly("1");
  }

  @Test
  void eventsThatRotationTookAreNotLeftOutSilently() throws Exception {
    insert("t", "1");
    tick();
    query("select pgq.seek('jobs', 'mailer', 'infinity'::timestamptz)");
    String first = query("select min(tick_id) from pgq.tick").get(0);
    for (int i = 0; i < 3; i++) {
      insert("t", "x");
      tick();
      query("select pgq.seek('jobs', 'mailer', 'infinity'::timestamptz)");
      ok("rotate", "jobs");
    }
    Run run = run("tail", "jobs", "--from", first, "--no-follow");
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.err()).contains("gone").hasLineCount(1);
    assertThat(run.out()).isEmpty();
    assertThat(ok("tail", "jobs", "--from", "oldest", "--no-follow").out()).isNotEmpty();
  }

  @Test
  void dataIsShownInALineOrLaidOut() throws Exception {
    insert("t", "{\"id\":1.10,\"a\":[]}");
    insert("t", "no\tJSON\u202E");
    tick();
    assertThat(ok("tail", "jobs", "--from", "oldest", "--no-follow").out())
        .contains("  t  {\"id\":1.10,\"a\":[]}\n", "  t  no\\tJSON\\u202E\n");
    assertThat(ok("tail", "jobs", "--from", "oldest", "--no-follow", "--pretty").out())
        .contains("  t\n  {\n    \"id\": 1.10,\n    \"a\": []\n  }\n", "  t  no\\tJSON\\u202E\n");
    assertThat(ok("tail", "jobs", "--from", "oldest", "--no-follow", "-o", "csv").out())
        .startsWith("event_id,event_time,tick_id,transaction,type,data,extra1")
        .contains(",t,\"{\"\"id\"\":1.10,\"\"a\"\":[]}\",");
  }

  @Test
  void whatTailPrintsCanBeInsertedAgain() throws Exception {
    query("select pgq.insert_event('jobs', 'a', '{\"n\": 1}', 'x\ny', 'ü', null, '')");
    query("select pgq.insert_event('jobs', null, null)");
    tick();
    String lines = ok("tail", "jobs", "--from", "oldest", "--no-follow", "-o", "json").out();
    query("select pgq.create_queue('copy')");
    Run run = input(lines, "insert", "copy", "--stdin", "-o", "json");
    assertThat(run.json().get("events").intValue()).isEqualTo(2);
    String fields = "(ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3, ev_extra4)::text";
    assertThat(query("select " + fields + " from pgq.event where ev_queue = 2 order by ev_id"))
        .isEqualTo(query("select " + fields + " from pgq.event where ev_queue = 1 order by ev_id"))
        .hasSize(2);
  }

  @Test
  void linesOfStdinAreDataOrObjects() throws Exception {
    assertThat(input("{\"id\": 1}\n\nplain\n", "insert", "jobs", "t", "--stdin").out().strip())
        .isEqualTo("2");
    input(
        "{\"type\": \"o\", \"data\": {\"n\": 1.50}, \"extra4\": 7}\n", "insert", "jobs", "--stdin");
    assertThat(
            query(
                "select ev_type || ' ' || ev_data || coalesce(ev_extra4, '') from pgq.event order"
                    + " by ev_id"))
        .containsExactly("t {\"id\": 1}", "t plain", "o {\"n\":1.50}7");
  }

  @Test
  void manyLinesAreInsertedInOneTransaction() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 2500; i++) {
      lines.append("{\"data\": \"").append(i).append("\"}\n");
    }
    assertThat(input(lines.toString(), "insert", "jobs", "--stdin").out().strip())
        .isEqualTo("2500");
    assertThat(query("select count(*) || ' ' || count(distinct ev_txid) from pgq.event"))
        .containsExactly("2500 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"type\": ", "[1]", "{\"typ\": \"t\"}", "{} x", "nonsense"})
  void aBadLineIsNamedAndNothingIsInserted(String line) throws Exception {
    Run run =
        Run.withInput(
            "{\"data\": \"1\"}\n" + line + "\n", environment(), "insert", "jobs", "--stdin");
    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    assertThat(run.err()).contains("Line 2 of stdin").hasLineCount(1);
    assertThat(query("select count(*) from pgq.event")).containsExactly("0");
  }

  @Test
  void anEventIsInsertedOnceAndLater() throws Exception {
    String id = ok("insert", "jobs", "t", "1", "--once", "k").out();
    assertThat(ok("insert", "jobs", "t", "2", "--once", "k").out()).isEqualTo(id);
    input("a\nb\n", "insert", "jobs", "t", "--stdin", "--once", "file");
    input("a\nb\n", "insert", "jobs", "t", "--stdin", "--once", "file");
    assertThat(query("select ev_data from pgq.event order by ev_id"))
        .containsExactly("1", "a", "b");
    ok("insert", "jobs", "t", "3", "--at", "2h");
    JsonNode waiting = ok("retries", "jobs", "-o", "json").json().at("/retries/0");
    assertThat(waiting.get("consumer").isNull()).isTrue();
    assertThat(waiting.get("due_seconds").doubleValue()).isBetween(7000.0, 7200.0);
    assertThat(run("insert", "jobs", "t", "1", "--at", "1h", "--once", "k").exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void anEventIsFoundWhereverItIs() throws Exception {
    String id = ok("insert", "jobs", "t", "{\"n\":1}").out().strip();
    tick();
    assertThat(ok("show", "jobs", id).out()).contains("Place  ", "queue", "\"n\": 1");
    giveUp(id, "no such\naddress");
    JsonNode places = ok("show", "jobs", id, "-o", "json").json().get("places");
    assertThat(places)
        .extracting(p -> p.get("place").textValue() + " " + p.get("consumer").textValue())
        .containsExactly("queue null", "dead mailer");
    ok("dead", "requeue", "jobs", "mailer");
    assertThat(ok("show", "jobs", id, "-o", "csv").out()).contains("\nretry,mailer," + id);
    assertThat(run("show", "jobs", "999999").exitCode()).isEqualTo(ExitCode.NOT_FOUND);
  }

  @Test
  void deadLettersAreListedShownSentBackAndPurged() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      ids.add(ok("insert", "jobs", "t", "d" + i).out().strip());
    }
    tick();
    giveUp(ids.get(0), "why\n\tat somewhere");
    giveUp(ids.get(1), "why");
    giveUp(ids.get(2), "why");
    assertThat(ok("dead", "list", "jobs", "mailer").out())
        .contains("why", "d0")
        .doesNotContain("somewhere");
    assertThat(
            ok("dead", "list", "jobs", "mailer", "--after", ids.get(0), "--limit", "1", "-o", "csv")
                .out())
        .hasLineCount(2)
        .contains("\n" + ids.get(1) + ",");
    assertThat(ok("dead", "show", "jobs", "mailer", ids.get(0)).out()).contains("at somewhere");
    assertThat(
            ok("dead", "requeue", "jobs", "mailer", ids.get(0), "-o", "json")
                .json()
                .get("events")
                .intValue())
        .isEqualTo(1);
    assertThat(ok("retries", "jobs", "mailer", "-o", "csv").out())
        .contains("jobs,mailer," + ids.get(0));
    assertThat(run("dead", "requeue", "jobs", "mailer", ids.get(0)).exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
    assertThat(ok("dead", "purge", "jobs", "mailer", "--older-than", "1d", "--dry-run").err())
        .contains("Delete 0 dead letters");
    assertThat(run("dead", "purge", "jobs", "mailer").err())
        .contains("Delete 2 dead letters", "--yes");
    assertThat(
            ok("dead", "purge", "jobs", "mailer", "--yes", "-o", "json")
                .json()
                .get("events")
                .intValue())
        .isEqualTo(2);
    assertThat(ok("dead", "list", "jobs", "mailer", "-o", "csv").out()).hasLineCount(1);
    assertThat(run("dead", "show", "jobs", "mailer", "1").err()).contains("no dead letter 1");
  }

  @Test
  void replaySendsAWindowToOneConsumerAgain() throws Exception {
    query("select pgq.register_consumer('jobs', 'other')");
    insert("a", "1");
    insert("b", "2");
    tick();
    query("select pgq.seek('jobs', 'mailer', 'infinity'::timestamptz)");
    List<String> position = position();
    String[] replay = {"replay", "jobs", "mailer", "--from", "oldest", "--type", "b"};
    assertThat(run(replay).err()).contains("Send 1 events to consumer 'mailer'", "--yes");
    assertThat(query("select count(*) from pgq.retry_queue")).containsExactly("0");
    assertThat(
            ok("replay", "jobs", "mailer", "--from", "oldest", "--type", "b", "--yes", "-o", "json")
                .json()
                .get("events")
                .intValue())
        .isEqualTo(1);
    assertThat(ok("replay", "jobs", "mailer", "--from", "oldest", "--yes").err())
        .startsWith("1 events");
    assertThat(position()).isEqualTo(position);
    query("select pgq.maint_retry_events()");
    tick();
    String batch =
        "select ev_data from pgq.next_batch('jobs', '%s') b, pgq.get_batch_events(b) order by 1";
    assertThat(query(batch.formatted("mailer"))).containsExactly("1", "2");
    assertThat(query(batch.formatted("other"))).containsExactly("1", "2");
    query("select pgq.finish_batch(pgq.next_batch('jobs', 'other'))");
    assertThat(query(batch.formatted("other"))).isEmpty();
    assertThat(
            run("replay", "jobs", "mailer", "--from", "latest", "--to", "oldest", "--yes")
                .exitCode())
        .isEqualTo(ExitCode.USAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tail job --no-follow",
        "show job 1",
        "retries job",
        "dead list job mailer",
        "dead show job mailer 1",
        "dead requeue job mailer",
        "dead purge job mailer --yes",
        "replay job mailer --from oldest",
        "insert job t --stdin"
      })
  void anUnknownQueueIsNotFound(String command) {
    Run run = Run.withInput("1\n", environment(), Shell.words(command));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.NOT_FOUND);
    assertThat(run.err()).contains("no queue 'job'; did you mean 'jobs'?").hasLineCount(1);
  }

  private List<JsonNode> tail(String... more) throws Exception {
    List<String> args =
        new ArrayList<>(List.of("tail", "jobs", "--from", "oldest", "--no-follow", "-o", "json"));
    args.addAll(List.of(more));
    return lines(ok(args.toArray(String[]::new)));
  }

  private static List<String> data(List<JsonNode> events) {
    return events.stream().map(e -> e.get("data").textValue()).toList();
  }

  private static List<JsonNode> lines(Run run) throws Exception {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : run.out().lines().toList()) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  private void giveUp(String event, String reason) throws SQLException {
    query(
        "select pgq.event_dead(pgq.next_batch('jobs', 'mailer'), " + event + ", '" + reason + "')");
  }

  private void insert(String type, String data) throws SQLException {
    query("select pgq.insert_event('jobs', '" + type + "', '" + data + "')");
  }

  private void tick() {
    ok("tick", "jobs");
  }

  private List<String> position() throws SQLException {
    return query("select last_tick from pgq.get_consumer_info('jobs', 'mailer')");
  }

  private Run ok(String... args) {
    Run run = run(args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return run;
  }

  private Run run(String... args) {
    return Run.with(environment(), args);
  }

  private Run input(String text, String... args) {
    Run run = Run.withInput(text, environment(), args);
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return run;
  }

  private Map<String, String> environment() {
    return Map.of("PGQ_URL", database.url());
  }

  private List<String> query(String sql) throws SQLException {
    return Sql.query(database, sql);
  }
}
