package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** PgQ's own daemon, pgqd, looks after our queues as after PgQ's. */
class PgqdIT {

  @RegisterExtension static final RealPgq.Extension pgq = new RealPgq.Extension();

  private static final Path PGQD = Path.of("/usr/bin/pgqd");

  @TempDir private Path directory;

  private Path config;
  private Path log;
  private Connection listener;
  private Session session;

  @BeforeEach
  void database() throws SQLException, IOException {
    Assumptions.assumeTrue(Files.exists(PGQD), "needs Debian's pgqd, which .ci/run installs");
    PGSimpleDataSource database = pgq.server().createOurs("pgqd");
    listener = database.getConnection();
    session = new Session(database.getConnection(), listener);
    session.run("select pgq.create_queue('q'), pgq.register_consumer('q', 'c')");
    config = directory.resolve("pgqd.ini");
    log = Files.createFile(directory.resolve("log"));
    Files.writeString(
        config,
        """
        [pgqd]
        logfile = %s
        pidfile = %s
        base_connstr = host=127.0.0.1 port=%d user=postgres
        initial_database = postgres
        database_list = %s
        syslog = 0
        check_period = 0.2
        retry_period = 0.2
        maint_period = 0.2
        ticker_period = 0.1
        """
            .formatted(
                log,
                directory.resolve("pid"),
                database.getPortNumbers()[0],
                database.getDatabaseName()));
  }

  @AfterEach
  void close() throws Exception {
    session.close();
    listener.close();
  }

  @Test
  void ticksRetriesRotatesAndMaintains() throws Exception {
    // Says each time that maintenance comes to it: by this the test waits.
    session.run(
        """
        create function maintained(text) returns int language plpgsql as $$
        begin
          perform pg_notify('maintained', $1);
          return 0;
        end $$""");
    session.run("update pgq.queue set queue_extra_maint = '{public.maintained}'");
    session.run("select pgq.set_queue_config('q', 'rotation_period', '0')");
    try (Statement statement = listener.createStatement()) {
      statement.execute("listen maintained; listen pgq_tick");
    }
    List<String> got = new ArrayList<>();
    session.insert("q", "first");
    Process daemon = start("-q", "-v", config.toString());
    try {
      until(() -> got.addAll(batch(true)) && !got.isEmpty());
      assertThat(got).containsExactly("first");
      session.insert("q", "second");
      until(() -> got.addAll(batch(false)) && got.size() >= 3);
      assertThat(got).containsExactlyInAnyOrder("first", "first", "second");

      until(() -> session.number("select queue_cur_table from pgq.queue") > 0);

      // Without autovacuum there are tables to vacuum.
      session.run("alter system set autovacuum = off");
      session.run("select pg_reload_conf()");
      until(
          () ->
              session.truth(
                  "select vacuum_count > 0 from pg_stat_user_tables"
                      + " where relid = 'pgq.retry_queue'::regclass"));
    } finally {
      session.run("alter system reset autovacuum");
      session.run("select pg_reload_conf()");
      stop(daemon);
    }

    assertThat(Files.readString(log))
        .contains("pgq version ok: 3.5")
        .doesNotContainPattern("(ERROR|WARNING|FATAL|NOTICE)");
  }

  /** Events of the next batch, if there is one; they may be sent to the retry queue. */
  private List<String> batch(boolean retry) throws SQLException {
    String batch = session.text("select pgq.next_batch('q', 'c')");
    if (batch.isEmpty()) {
      return List.of();
    }
    long id = Long.parseLong(batch);
    List<String> events = session.rows("select ev_data from pgq.get_batch_events(?)", id);
    if (retry) {
      session.run("select pgq.batch_retry(?, 0)", id);
    }
    session.finish(id);
    return events;
  }

  /** Looks again each time that the daemon has done something. */
  private void until(Callable<Boolean> condition) throws Exception {
    PGConnection notified = listener.unwrap(PGConnection.class);
    for (int rounds = 0; !condition.call(); rounds++) {
      assertThat(rounds).as(Files.readString(log)).isLessThan(100);
      assertThat(notified.getNotifications(30_000)).as(Files.readString(log)).isNotEmpty();
    }
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(PGQD.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Redirect.DISCARD)
        .start();
  }

  /** As an administrator does; it finishes what it is at. */
  private void stop(Process daemon) throws IOException, InterruptedException {
    start("-s", config.toString()).waitFor();
    try {
      assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.exitValue()).isZero();
    } finally {
      daemon.destroyForcibly();
    }
  }
}
