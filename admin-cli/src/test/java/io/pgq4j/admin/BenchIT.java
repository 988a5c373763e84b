package io.pgq4j.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgq4j.admin.internal.ExitCode;
import io.pgq4j.testing.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That each measurement runs, counts what it did and leaves nothing; never how fast it is. */
class BenchIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.empty();

  @AfterEach
  void noScratchDatabaseIsLeft() throws SQLException {
    assertThat(
            Sql.query(
                database, "select datname from pg_database where datname like 'pgq4j_bench_%'"))
        .isEmpty();
  }

  @Test
  void latencyOfEachRateAtAllConsumers() throws Exception {
    Run run =
        bench(
            "latency",
            "--rate",
            "20,200",
            "--for",
            "300ms",
            "--consumers",
            "2",
            "--queues",
            "4",
            "--active",
            "3");
    JsonNode results = run.json().get("results");
    assertThat(results).hasSize(2);
    assertThat(results.get(0).get("rate").asInt()).isEqualTo(20);
    assertThat(results.get(0).get("events").asInt()).isEqualTo(6);
    assertThat(results.get(1).get("events").asInt()).isEqualTo(60);
    for (JsonNode result : results) {
      assertThat(result.get("consumers").asInt()).isEqualTo(2);
      for (String times : List.of("commit_to_consumer", "schedule_to_consumer")) {
        double p50 = result.get(times).get("p50_seconds").asDouble();
        assertThat(p50).isPositive();
        assertThat(result.get(times).get("max_seconds").asDouble()).isGreaterThanOrEqualTo(p50);
      }
      assertThat(result.get("ticks_per_second").asDouble()).isPositive();
      assertThat(result.get("batches_per_second").asDouble()).isPositive();
    }
  }

  @Test
  void consumersOfABacklogByKeyAndInCrowds() throws Exception {
    Run run =
        bench(
            "consume",
            "--events",
            "500",
            "--workers",
            "1,4",
            "--consumers",
            "3",
            "--batches",
            "5",
            "--rounds",
            "1");
    JsonNode results = run.json().get("results");
    assertThat(results.findValuesAsText("contestant"))
        .containsExactly(
            "bare cursor",
            "consumer",
            "1 worker",
            "4 workers",
            "alone",
            "among 3 at work",
            "all 3 together");
    for (JsonNode result : results) {
      assertThat(result.get("per_second").asDouble()).isPositive();
    }
  }

  @Test
  void captureBesideTheBareTable() throws Exception {
    Run run = bench("capture", "--rows", "100", "--rounds", "2");
    JsonNode results = run.json().get("results");
    assertThat(results.findValuesAsText("table")).containsExactly("bare", "pgq4j");
    assertThat(results.get(0).get("ratio_to_bare").asDouble()).isEqualTo(1);
    assertThat(results.get(1).get("ratio_to_bare").asDouble()).isPositive();
    assertThat(results.get(1).get("ratio_to_peer").isNull()).isTrue();
  }

  @Test
  void insertsBesideTheBareTable() throws Exception {
    Run run = bench("insert", "--clients", "2", "--for", "50ms", "--rows", "100", "--rounds", "1");
    JsonNode results = run.json().get("results");
    assertThat(results.findValuesAsText("contestant"))
        .containsExactly(
            "pgq4j",
            "bare table",
            "pgq4j",
            "bare table",
            "pgq4j",
            "bare table",
            "bare table, no primary key",
            "insert_events");
    for (JsonNode result : results) {
      assertThat(result.get("per_second").asDouble()).isPositive();
      assertThat(result.get("ratio_to_first").asDouble()).isPositive();
      assertThat(result.get("ratio_to_peer").isNull()).isTrue();
    }
  }

  @Test
  void batchesWithoutAndWithAnOpenTransaction() throws Exception {
    Run run =
        bench(
            "batches",
            "--batches",
            "10",
            "--rounds",
            "1",
            "--queues",
            "2",
            "--lagging",
            "--hold-xmin",
            "100ms");
    JsonNode results = run.json().get("results");
    assertThat(results).hasSize(4);
    for (int i = 0; i < 2; i++) {
      assertThat(results.get(i).get("per_second").asDouble()).isPositive();
      assertThat(results.get(i + 2).get("end_to_start").asDouble()).isPositive();
      assertThat(results.get(i + 2).get("dead_tuples").asLong()).isZero();
    }
  }

  @Test
  void returnsFromTheRetryQueue() throws Exception {
    Run run = bench("retry", "--events", "100", "--rounds", "1");
    JsonNode result = run.json().get("results").get(0);
    assertThat(result.get("contestant").asText()).isEqualTo("pgq4j");
    assertThat(result.get("per_second").asDouble()).isPositive();
  }

  @Test
  void ticksOfManyQueues() throws Exception {
    Run run = bench("ticks", "--queues", "5", "--active", "2", "--rounds", "1");
    assertThat(run.json().get("results").get(0).get("per_second").asDouble()).isPositive();
  }

  /** Where PgQ is not there, the measurements without it are all that can be tested. */
  @Test
  void eachMeasurementComparesWithThePeer() throws Exception {
    assumeThat(Sql.query(database, "select name from pg_available_extensions where name = 'pgq'"))
        .isNotEmpty();
    for (String[] args :
        new String[][] {
          {"capture", "--rows", "10"},
          {"insert", "--clients", "1", "--for", "20ms", "--rows", "10"},
          {"batches", "--batches", "5", "--hold-xmin", "20ms"},
          {"retry", "--events", "20"},
          {"ticks", "--queues", "2", "--active", "1"},
        }) {
      List<String> all = new ArrayList<>(List.of(args));
      all.addAll(List.of("--rounds", "1", "--peer", "pgq"));
      JsonNode results = bench(all.toArray(String[]::new)).json().get("results");
      assertThat(results.findValuesAsText("ratio_to_peer")).as(args[0]).contains("1.0");
    }
  }

  @Test
  void latencyBesideThePeer() throws Exception {
    assumeThat(Sql.query(database, "select name from pg_available_extensions where name = 'pgq'"))
        .isNotEmpty();
    JsonNode results =
        bench("latency", "--rate", "50", "--for", "200ms", "--peer", "pgq", "--peer-period", "10ms")
            .json()
            .get("results");
    assertThat(results.findValuesAsText("contestant")).containsExactly("pgq4j", "PgQ");
  }

  @Test
  void queriesWhileNothingHappens() throws Exception {
    Run run =
        bench("idle", "--queues", "2", "--consumers", "3", "--for", "100ms", "--settle", "100ms");
    JsonNode result = run.json().get("results").get(0);
    assertThat(result.get("queues").asInt()).isEqualTo(2);
    assertThat(result.get("consumers").asInt()).isEqualTo(3);
    assertThat(result.get("transactions").asLong()).isNotNegative();
    assertThat(result.get("ticker_share_of_core").asDouble()).isNotNegative();
    assertThat(result.get("time_seconds").asDouble()).isGreaterThanOrEqualTo(0.1);
  }

  @Test
  void aReportSaysWhereItWasMeasured() throws Exception {
    Run run = bench("capture", "--rows", "1", "--rounds", "1");
    JsonNode environment = run.json().get("environment");
    assertThat(environment.get("command").asText())
        .isEqualTo("pgq-admin bench capture --rows 1 --rounds 1 -o json");
    assertThat(environment.get("server").asText()).startsWith("PostgreSQL ");
    assertThat(environment.get("settings").get("fsync").asText()).isIn("on", "off");
    assertThat(environment.get("cores").asInt()).isPositive();
    assertThat(run.err()).contains("Warming up.", "Round 1 of 1.");
  }

  @Test
  void whoMayNotCreateADatabaseIsToldSo() throws Exception {
    String user = database.createUser("nocreatedb");
    String nobody = database.url().replaceFirst("([?&]user=)[^&]*", "$1" + user);
    Run run =
        Run.with(
            Map.of("PGQ_URL", nobody.replaceFirst("([?&]password=)[^&]*", "$1secret")),
            "bench",
            "capture");
    assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("ALTER ROLE … CREATEDB");
  }

  @Test
  void aPeerThatIsNotInstalledIsNoInternalError() throws Exception {
    if (Sql.query(database, "select name from pg_available_extensions where name = 'pgq'")
        .isEmpty()) {
      Run run = run("capture", "--rows", "1", "--peer", "pgq");
      assertThat(run.exitCode()).isEqualTo(ExitCode.CHECK_FAILED);
      assertThat(run.err()).contains("leave --peer out");
    }
  }

  private static Run bench(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("-o", "json"));
    Run run = run(all.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
    return run;
  }

  private static Run run(String... args) {
    List<String> all = new ArrayList<>(List.of("bench"));
    all.addAll(List.of(args));
    return Run.with(Map.of("PGQ_URL", database.url()), all.toArray(String[]::new));
  }
}
