package io.pgq4j.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What takes a server as it should be, or one that allows prepared transactions and slots. */
class DoctorOfAServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension
  static final TestDatabase database =
      TestDatabase.create()
          .onServerWith(
              Map.of("fsync", "on", "max_prepared_transactions", "4", "wal_level", "logical"));

  private final Patient patient = new Patient(database);

  @AfterEach
  void close() throws Exception {
    patient.close();
  }

  @Test
  void aHealthyDatabaseHasNoFindings() throws Exception {
    patient.run(
        "select pgq.create_queue('healthy')",
        "create table healthy (id int primary key)",
        "select pgq.watch_table('healthy', 'healthy')",
        "select pgq.register_consumer('healthy', 'c')",
        "insert into healthy select generate_series(1, 100)");
    try (Ticker ticker = Ticker.create(database.dataSource())) {
      ticker.start();
      awaitFindings();
    }
    awaitFindings("no-ticker");
    patient.run("drop table healthy", "select pgq.drop_queue('healthy', true)");
  }

  @Test
  void aPreparedTransactionBlocksRotation() throws Exception {
    patient.run(
        "select pgq.create_queue('jobs')",
        "begin",
        "select pgq.insert_event('jobs', 't', 'x')",
        "prepare transaction 'it''s lost'");
    for (int i = 0; i < 3; i++) {
      patient.run(
          "select pgq.insert_event('jobs', 't', 'x')",
          "select pgq.ticker('jobs')",
          "update pgq.queue set queue_switch_time = now() - interval '5 hours'",
          "select pgq.maint_rotate_tables_step1('jobs')");
    }
    Finding finding = patient.finding(Check.OLD_PREPARED_TRANSACTION, "it's lost", Patient.STRICT);
    assertThat(finding.what()).contains("User 'postgres'");
    finding =
        patient.findAndCure(Check.ROTATION_BLOCKED_BY_PREPARED_TRANSACTION, "jobs", Limits.DEFAULT);
    assertThat(finding.what()).contains("it's lost", "user 'postgres'");
    assertThat(patient.findings(Check.OLD_PREPARED_TRANSACTION, Patient.STRICT)).isEmpty();
    patient.run("select pgq.drop_queue('jobs', true)");
  }

  @Test
  void nobodyUsesASlot() throws Exception {
    patient.run("select pg_create_logical_replication_slot('unused', 'pgoutput')");
    patient.findAndCure(Check.UNUSED_REPLICATION_SLOT, "unused", Limits.DEFAULT);
  }

  @Test
  void aSettingIsWrong() throws Exception {
    patient.run("alter system set autovacuum = off", "select pg_reload_conf()");
    awaitFindings("setting");
    Finding finding = patient.finding(Check.SETTING, "autovacuum", Limits.DEFAULT);
    patient.apply(finding.cure());
    awaitFindings();
  }

  private static void awaitFindings(String... checks) throws SQLException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<String> found;
    do {
      found = Doctor.examine(database.dataSource()).stream().map(Finding::check).toList();
    } while (!found.equals(List.of(checks)) && System.nanoTime() < end);
    assertThat(found).containsExactly(checks);
  }
}
