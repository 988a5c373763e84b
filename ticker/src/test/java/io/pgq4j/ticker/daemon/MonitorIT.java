package io.pgq4j.ticker.daemon;

import static io.pgq4j.ticker.Sql.all;
import static io.pgq4j.ticker.Sql.await;
import static io.pgq4j.ticker.Sql.one;
import static io.pgq4j.ticker.Sql.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.Proxies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is to be seen of the daemon from outside. */
class MonitorIT {
  private static final Path DOCS = Path.of("..", "docs");
  private static final Path PAGE = DOCS.resolve(Path.of("reference", "metrics.md"));
  private static final Path FILES = DOCS.resolve(Path.of("how-to", "monitoring"));
  private static final Path DASHBOARD = FILES.resolve("grafana-dashboard.json");
  private static final Path ALERTS = FILES.resolve("prometheus-alerts.yaml");

  private static final String HOSTILE = "a \"quoted\" \\ 'name' {x=\"1\"} 1\u202e\uD83D\uDE00";

  private static final Pattern SAMPLE = Pattern.compile("(?m)^(pgq_\\w+)\\{(.*)\\} \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*+\"");
  private static final Pattern FAMILY =
      Pattern.compile("(?m)^# HELP (pgq_\\w+) (.*)\n# TYPE \\1 (\\w+)$");

  @RegisterExtension final TestDatabase database = TestDatabase.create();
  @TempDir Path directory;

  @Test
  void everyMetricIsDocumentedAndDashboardAndAlertsUseNoOther() throws Exception {
    makeEveryKindOfTrouble();
    try (DaemonProcess daemon =
        start("database.bad.url=jdbc:postgresql://127.0.0.1:1/nowhere", "maintenance-period=1h")) {
      await(
          "every kind of trouble is seen",
          () -> metrics(daemon).contains("{database=\"bad\",duty="));
      await(
          "the good one is up",
          () -> metrics(daemon).contains("pgq_database_up{database=\"good\"} 1"));
      String metrics = metrics(daemon);

      String page = page(metrics);
      if (Boolean.getBoolean("pgq.docs.update")) {
        Files.writeString(PAGE, page);
      }
      assertThat(Files.readString(PAGE))
          .as(
              "docs/reference/metrics.md is out of date. Write it anew with: ./mvnw -pl ticker -am"
                  + " verify -Dtest=none -Dit.test=MonitorIT -Dpgq.docs.update=true")
          .isEqualTo(page);
      Set<String> names = names(SAMPLE, metrics);
      assertThat(names).containsAll(names(Pattern.compile("(pgq_\\w+)"), Files.readString(ALERTS)));
      assertThat(names)
          .containsAll(names(Pattern.compile("(pgq_\\w+)"), Files.readString(DASHBOARD)));
      assertThat(new ObjectMapper().readTree(DASHBOARD.toFile()).get("panels")).isNotEmpty();
      assertThat(metrics)
          .contains("queue=\"a \\\"quoted\\\" \\\\ 'name' {x=\\\"1\\\"} 1\u202e\uD83D\uDE00\"");
    }
  }

  @Test
  void everyAlertSaysWhatToDo() throws IOException {
    String[] alerts = Files.readString(ALERTS).split("- alert: ", -1);

    assertThat(alerts).hasSizeGreaterThan(10);
    assertThat(List.of(alerts).subList(1, alerts.length))
        .allSatisfy(
            alert ->
                assertThat(alert)
                    .contains("expr:", "for:", "severity:", "summary:", "description:", "action:"));
  }

  @Test
  void aDatabaseThatHangsIsMissingAndTheOthersAreNot() throws Exception {
    try (ServerSocket hanging = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        DaemonProcess daemon =
            start(
                "database.hanging.url=jdbc:postgresql://127.0.0.1:%d/x"
                    .formatted(hanging.getLocalPort()))) {
      daemon.awaitSaid("good tick: leading");

      assertThat(metrics(daemon))
          .contains(
              "pgq_database_up{database=\"good\"} 1", "pgq_database_up{database=\"hanging\"} 0");

      HttpResponse<String> ready = daemon.get("/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body())
          .contains("{\"database\":\"good\",\"state\":\"leader\"", "\"database\":\"hanging\"");
      assertThat(daemon.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void itIsReadyWhenEveryDatabaseHasALeaderOrAStandby() throws Exception {
    try (DaemonProcess first = start();
        DaemonProcess second = start()) {
      await("ready", () -> first.get("/health/ready").statusCode() == 200);
      await("ready", () -> second.get("/health/ready").statusCode() == 200);
      assertThat(first.get("/health/ready").body() + second.get("/health/ready").body())
          .contains("\"leader\"", "\"standby\"");
      assertThat(first.get("/health/live").body()).isEqualTo("{\"status\":\"up\",\"faults\":[]}\n");
    }
  }

  @Test
  void aDatabaseIsReadWhenItIsAskedForAndNotAgainAtOnce() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    DatabaseReader reader =
        new DatabaseReader(
            "good",
            Proxies.dataSource(
                () -> {
                  connections.incrementAndGet();
                  return database.connect();
                }),
            Runnable::run);
    assertThat(connections).hasValue(0);

    assertThat(reader.read().get().queues()).isEmpty();
    assertThat(reader.read()).isSameAs(reader.read());

    assertThat(connections).hasValue(1);
  }

  @Test
  void readingChangesNothingInASessionThatIsShared() throws Exception {
    String settings = "select name || setting from pg_settings where source = 'session'";
    try (Connection session = database.connect()) {
      List<String> before = all(session, settings);
      run(session, "set statement_timeout = '1min'");

      new DatabaseReader("good", Proxies.pool(session), Runnable::run).read().get();

      assertThat(all(session, settings))
          .hasSize(before.size() + 1)
          .contains("statement_timeout60000");
      assertThat(one(session, "select pg_current_xact_id() is not null"))
          .as("may write")
          .isEqualTo("t");
    }
  }

  @Test
  void aDatabaseThatCannotBeReadIsNotAskedAgainAtOnce() {
    AtomicInteger connections = new AtomicInteger();
    DatabaseReader reader =
        new DatabaseReader(
            "bad",
            Proxies.dataSource(
                () -> {
                  connections.incrementAndGet();
                  throw new SQLException("planted");
                }),
            Runnable::run);

    assertThatThrownBy(() -> reader.read().get()).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> reader.read().get()).isInstanceOf(ExecutionException.class);

    assertThat(connections).hasValue(1);
  }

  private DaemonProcess start(String... more) throws IOException {
    String[] lines = new String[more.length + 2];
    lines[0] = "database.good.url=" + database.url();
    lines[1] = "http-listen=0";
    System.arraycopy(more, 0, lines, 2, more.length);
    return DaemonProcess.start(Map.of(), DaemonProcess.config(directory, lines).toString());
  }

  private static String metrics(DaemonProcess daemon) throws IOException, InterruptedException {
    HttpResponse<String> answer = daemon.get("/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private void makeEveryKindOfTrouble() throws SQLException {
    try (Connection session = database.connect()) {
      for (String statement :
          """
          select pgq.create_queue(q), pgq.register_consumer(q, 'c')
          from unnest(array['lagging', 'paused', $q$HOSTILE$q$]) q;
          select pgq.insert_event(q, 't', '1'), pgq.insert_event(q, 't', '2')
          from unnest(array['lagging', $q$HOSTILE$q$]) q;
          select pgq.insert_event_at('lagging', 't', 'd', now() + interval '1 hour');
          select pgq.ticker();
          select pgq.event_retry(b.id, max(e.ev_id), 3600), pgq.event_dead(b.id, min(e.ev_id), 'why')
          from pgq.next_batch($q$HOSTILE$q$, 'c') b (id), pgq.get_batch_events(b.id) e
          group by b.id;
          select pgq.finish_batch(sub_batch) from pgq.subscription where sub_batch is not null;
          select pgq.pause_consumer($q$HOSTILE$q$, 'c'), pgq.pause_queue('paused');
          select pgq.set_queue_config('lagging', 'rotation_period', '0');
          select pgq.maint_rotate_tables_step1('lagging');
          select pgq.insert_event('lagging', 't', '3');
          select pgq.ticker();
          select pgq.maint_rotate_tables_step1('lagging');
          select pgq.insert_event('lagging', 't', '4')
          """
              .replace("HOSTILE", HOSTILE)
              .split(";\n", -1)) {
        run(session, statement);
      }
    }
  }

  private static String page(String metrics) {
    Map<String, Set<String>> labels = new TreeMap<>();
    SAMPLE
        .matcher(metrics)
        .results()
        .forEach(
            sample ->
                labels
                    .computeIfAbsent(
                        sample.group(1).replaceFirst("_(bucket|sum|count)$", ""),
                        name -> new TreeSet<>())
                    .addAll(names(LABEL, sample.group(2))));
    return """
        # Metrics of pgq-ticker

        At `/metrics` of `http-listen`, in Prometheus' text format. [How to use them](../how-to/monitor-the-ticker.md).

        `database` is the name of the ticker: of `database.NAME.url` the NAME, of `databases` the database's, of `url` all
        that tells where it is but the password. What begins with `pgq_ticker` the process counts itself. The rest is
        read from the database when it is scraped, at most every three seconds.

        | metric | type | labels | |
        |---|---|---|---|
        %s
        """
        .formatted(
            FAMILY
                .matcher(metrics)
                .results()
                .map(
                    family ->
                        "| `%s` | %s | %s | %s |"
                            .formatted(
                                family.group(1),
                                family.group(3),
                                String.join(", ", labels.get(family.group(1))),
                                family.group(2)))
                .collect(Collectors.joining("\n")));
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
