package io.pgq4j.admin.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.testing.Pgbouncer;
import io.pgq4j.testing.TestDatabase;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Each test brings about what one check looks for, and cures it by the command that it names. */
class DoctorIT {
  private static final String LEAD = "select pg_advisory_lock(8099566924954430322)";
  private static final String INSERT = "select pgq.insert_event('jobs', 't', 'x')";
  private static final String TICK = "select pgq.ticker('jobs')";

  /** Empties and takes the next table of the queue. */
  private static final String[] ROTATE = {
    INSERT,
    TICK,
    "update pgq.queue set queue_switch_time = now() - interval '5 hours'",
    "select pgq.maint_rotate_tables_step1('jobs')"
  };

  @RegisterExtension final TestDatabase database = TestDatabase.create();

  private Patient patient;

  @BeforeEach
  void create() throws Exception {
    patient = new Patient(database);
    patient.run("select pgq.create_queue('jobs')", "create table job (id int primary key)");
  }

  @AfterEach
  void close() throws Exception {
    patient.close();
  }

  @Test
  void nobodyTicks() throws Exception {
    patient.run(INSERT);
    Finding finding = patient.findings(Check.NO_TICKER, Limits.DEFAULT).get(0);
    assertThat(finding.what()).contains("1 queues with 1 new events");
    patient.runAndStay(LEAD);
    assertThat(patient.findings(Check.NO_TICKER, Limits.DEFAULT)).isEmpty();
  }

  @Test
  void somebodyElsesTickerIsATicker() throws Exception {
    patient.runAndStay("select pgq.ticker()");
    assertThat(patient.findings(Check.NO_TICKER, Limits.DEFAULT)).isEmpty();
  }

  @Test
  void theDatabaseWasRestored() throws Exception {
    patient.run("update pgq.lineage set lin_xid = 1");
    Finding finding = patient.findings(Check.RESTORED, Limits.DEFAULT).get(0);
    patient.findAndCure(Check.RESTORED, finding.object(), Limits.DEFAULT);
  }

  @Test
  void eventsWaitForATick() throws Exception {
    patient.run("select pgq.register_consumer('jobs', 'mailer')", INSERT);
    patient.run("update pgq.tick set tick_time = tick_time - interval '10 minutes'");
    Finding finding = patient.findAndCure(Check.NOT_TICKED, "jobs", Limits.DEFAULT);
    assertThat(finding.what()).contains("10m ago", "1 events wait");
  }

  @Test
  void aConsumerIsNotThere() throws Exception {
    consumerIsBehind();
    patient.run("update pgq.position set pos_time = pos_time - interval '10 minutes'");
    assertThat(patient.findings(Check.LAGGING_CONSUMER, Limits.DEFAULT)).isEmpty();
    patient.findAndCure(Check.DEAD_CONSUMER, "jobs/it's me", Limits.DEFAULT);
  }

  @Test
  void aConsumerLags() throws Exception {
    consumerIsBehind();
    assertThat(patient.findings(Check.DEAD_CONSUMER, Limits.DEFAULT)).isEmpty();
    Finding finding = patient.finding(Check.LAGGING_CONSUMER, "jobs/it's me", Limits.DEFAULT);
    assertThat(finding.what()).contains("lags by 10m", "1 events");
  }

  @Test
  void aConsumerThatToldOfItsEndIsNotThere() throws Exception {
    consumerIsBehind();
    patient.run(
        "select pgq.set_consumer_state('jobs', 'it''s me', 'host', 1, now(), 'failed', 'no memory')");
    patient.finding(Check.DEAD_CONSUMER, "jobs/it's me", Limits.DEFAULT);
    assertThat(patient.findings(Check.LAGGING_CONSUMER, Limits.DEFAULT)).isEmpty();
  }

  private void consumerIsBehind() throws Exception {
    patient.run("select pgq.register_consumer('jobs', 'it''s me')", INSERT);
    patient.run("update pgq.tick set tick_time = tick_time - interval '10 minutes'", TICK);
  }

  @Test
  void aConsumerBlocksRotation() throws Exception {
    patient.run("select pgq.register_consumer('jobs', 'slow')");
    patient.run(ROTATE);
    patient.run(ROTATE);
    patient.run(ROTATE);
    Finding finding =
        patient.findAndCure(Check.ROTATION_BLOCKED_BY_CONSUMER, "jobs/slow", Limits.DEFAULT);
    assertThat(finding.what()).contains("3h ago");
  }

  @Test
  void aTransactionBlocksRotation() throws Exception {
    patient.runAndStay("begin", INSERT);
    patient.run(ROTATE);
    patient.run(ROTATE);
    patient.run(ROTATE);
    Finding finding =
        patient.findAndCure(Check.ROTATION_BLOCKED_BY_TRANSACTION, "jobs", Limits.DEFAULT);
    assertThat(finding.what()).contains("idle in transaction", INSERT, "postgres");
  }

  @Test
  void aLockBlocksRotation() throws Exception {
    patient.runAndStay(
        "begin",
        "do $$ begin execute format('lock table %s_1', (select queue_data_pfx from pgq.queue)); end $$");
    patient.run(ROTATE);
    Finding finding = patient.findAndCure(Check.ROTATION_BLOCKED_BY_LOCK, "jobs", Limits.DEFAULT);
    assertThat(finding.what()).contains("AccessExclusiveLock", "idle in transaction", "postgres");
  }

  @Test
  void aTransactionIsOld() throws Exception {
    patient.runAndStay("begin isolation level repeatable read", "select 'here I am' from job");
    Finding finding = patient.findings(Check.OLD_TRANSACTION, Patient.STRICT).get(0);
    assertThat(finding.what()).contains("here I am", "postgres");
    assertThat(patient.findings(Check.OLD_TRANSACTION, Limits.DEFAULT)).isEmpty();
    patient.findAndCure(Check.OLD_TRANSACTION, finding.object(), Patient.STRICT);
  }

  @Test
  void theNotificationQueueFills() throws Exception {
    patient.runAndStay("listen something", "begin", "select 1");
    patient.run(
        "select pg_notify('something', repeat('x', 7000) || n) from generate_series(1, 99) n");
    patient.findAndCure(Check.NOTIFICATION_QUEUE, "server", Patient.STRICT);
  }

  @Test
  void aRoleHasNoTriggers() throws Exception {
    String user = database.createUser("");
    patient.run("alter role " + user + " set session_replication_role = replica");
    patient.findAndCure(Check.TRIGGERS_OFF, "role " + user, Limits.DEFAULT);
  }

  @Test
  void indexesAreMissing() throws Exception {
    patient.run("drop index pgq.rq_retry_idx", "drop index pgq.event_1_2_ev_txid_idx");
    patient.findAndCure(Check.MISSING_INDEX, "pgq.retry_queue", Limits.DEFAULT);
    patient.findAndCure(Check.MISSING_INDEX, "pgq.event_1_2", Limits.DEFAULT);
  }

  @Test
  void aWatchedTablesQueueIsPaused() throws Exception {
    patient.run("select pgq.watch_table('job', 'jobs')", "select pgq.pause_queue('jobs')");
    patient.findAndCure(Check.WATCHED_FOR_PAUSED_QUEUE, "public.job", Limits.DEFAULT);
  }

  @Test
  void aWatchedTablesQueueTakesNoEvents() throws Exception {
    patient.run(
        "select pgq.watch_table('job', 'jobs')",
        "select pgq.set_queue_config('jobs', 'disable_insert', 'true')");
    patient.findAndCure(Check.WATCHED_FOR_CLOSED_QUEUE, "public.job", Limits.DEFAULT);
  }

  @Test
  void aTriggerIsDisabled() throws Exception {
    patient.run("select pgq.watch_table('job', 'jobs')", "alter table job disable trigger user");
    patient.findAndCure(Check.TRIGGER_DISABLED, "public.job", Limits.DEFAULT);
  }

  @Test
  void aPartitionIsNotWatched() throws Exception {
    patient.run(
        "create table part (id int primary key, secret text) partition by list (id)",
        "select pgq.watch_table('part', 'jobs', '{\"ignore\": [\"secret\"]}')",
        "create table part_1 partition of part for values in (1)");
    Finding finding =
        patient.findAndCure(Check.PARTITION_NOT_WATCHED, "public.part", Limits.DEFAULT);
    assertThat(finding.what()).contains("public.part_1");
    assertThat(finding.cure()).contains("secret");
  }

  @Test
  void aConsumerGivesEventsUp() throws Exception {
    consumerIsBehind();
    patient.run(
        "select pgq.event_dead(b, e.ev_id, E'no address\\nat Mailer.java:1')"
            + " from pgq.next_batch('jobs', 'it''s me') b, pgq.get_batch_events(b) e");
    Finding finding = patient.finding(Check.DEAD_LETTERS, "jobs/it's me", Limits.DEFAULT);
    assertThat(finding.what()).contains("gave up 1 events within 1h", "no address");
    assertThat(Patient.words(finding.cure()))
        .containsExactly("pgq-admin", "dead", "list", "jobs", "it's me");
    patient.apply(finding.cure());
  }

  @Test
  void aQueueWillFillTheDisk() throws Exception {
    patient.run("select pgq.insert_event('jobs', 't', 'x') from generate_series(1, 1000)", TICK);
    Finding finding = patient.finding(Check.DISK_FORECAST, "jobs", Patient.STRICT);
    assertThat(finding.what()).contains("0.3 events a second");
    assertThat(finding.cure()).isEqualTo("pgq-admin config set jobs rotation_period=3600s");
    patient.apply(finding.cure());
    assertThat(patient.findings(Check.DISK_FORECAST, Limits.DEFAULT)).isEmpty();
  }

  @Test
  void aProxyPoolsTransactions(@TempDir Path directory) throws Exception {
    Pgbouncer.assumeInstalled();
    URI url = URI.create(database.url().replaceFirst("^jdbc:", ""));
    try (Pgbouncer proxy = Pgbouncer.before(url.getPort(), directory)) {
      PGSimpleDataSource source = (PGSimpleDataSource) database.dataSource();
      source.setPortNumbers(new int[] {proxy.port()});
      source.setUser("postgres");
      assertThat(Doctor.examine(source)).extracting(Finding::check).contains("pooler");
    }
    assertThat(Doctor.examine(database.dataSource()))
        .extracting(Finding::check)
        .doesNotContain("pooler");
  }

  @Test
  void theSchemaIsOutOfDate() throws Exception {
    patient.run("update pgq.schema_history set checksum = 1 where script like 'R%'");
    assertThat(Doctor.examine(database.dataSource()))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.what()).contains("Upgrade it");
              assertThat(finding.cure()).isEqualTo("pgq-admin install");
            });
    SchemaInstaller.of(database.dataSource()).install();
    assertThat(Doctor.examine(database.dataSource()))
        .extracting(Finding::check)
        .doesNotContain("schema");
  }

  @Test
  void whoMayNotLookIsToldWhatRightsItTakes() throws Exception {
    String user = database.createUser("");
    Finding finding = Doctor.examine(database.dataSourceOf(user)).get(0);
    assertThat(finding.check()).isEqualTo("not-examined");
    patient.run(Patient.words(finding.cure()).get(2));
    assertThat(Doctor.examine(database.dataSourceOf(user)))
        .extracting(Finding::check)
        .doesNotContain("not-examined");
  }
}
