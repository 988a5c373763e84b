package io.pgq4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.internal.SessionSettings;
import io.pgq4j.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions with hostile defaults, and sessions with nothing to do. */
@Timeout(90)
class SessionIT {
  @RegisterExtension static final TestDatabase database = TestDatabase.create();

  private static final List<String> HOSTILE =
      List.of(
          "default_transaction_isolation = 'serializable'",
          "default_transaction_read_only = 'on'",
          "statement_timeout = '1ms'",
          "idle_in_transaction_session_timeout = '1ms'",
          "search_path = 'pg_temp'",
          "\"TimeZone\" = 'Asia/Kathmandu'",
          "\"DateStyle\" = 'German'",
          "standard_conforming_strings = off");

  private static String hostileUser() throws SQLException {
    String user = database.createUser("in role pgq_admin");
    try (Connection connection = database.connect()) {
      for (String setting : HOSTILE) {
        connection.createStatement().execute("alter role " + user + " set " + setting);
      }
    }
    return user;
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (ResultSet row = connection.createStatement().executeQuery("show " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void aConsumerRunsUnderHostileDefaults() throws Exception {
    Fixture fixture = Fixture.create(database, "hostile");
    Collector collector = new Collector("hostile");
    try (ConsumerRunner runner =
        ConsumerRunner.builder(database.dataSourceOf(hostileUser())).add(collector).build()) {
      runner.start();
      fixture.publish(Fixture.numbers(0, 2_000));
      assertThat(Fixture.take(collector.events, 2_000))
          .extracting(Event::data)
          .containsExactly(Fixture.numbers(0, 2_000));
      Fixture.stop(runner);
    }
    fixture.assertAllFinished();
  }

  @Test
  void aConnectionGoesBackAsItWas() throws SQLException {
    try (Connection connection = database.connectAs(hostileUser())) {
      connection.createStatement().execute("set statement_timeout = '7s'");
      connection.setAutoCommit(false);
      SessionSettings settings = SessionSettings.pin(connection);

      assertThat(connection.getAutoCommit()).isTrue();
      assertThat(setting(connection, "statement_timeout")).isEqualTo("0");
      assertThat(setting(connection, "transaction_isolation")).isEqualTo("read committed");
      assertThat(setting(connection, "transaction_read_only")).isEqualTo("off");

      connection.setAutoCommit(false);
      connection.createStatement().execute("select 1");
      settings.restore();

      assertThat(connection.getAutoCommit()).isFalse();
      assertThat(setting(connection, "statement_timeout")).isEqualTo("7s");
      assertThat(setting(connection, "transaction_isolation")).isEqualTo("serializable");
      assertThat(setting(connection, "transaction_read_only")).isEqualTo("on");
    }
  }

  @Test
  void idleConsumersAskTheDatabaseNextToNothing() throws Exception {
    Fixture fixture = Fixture.create(database, "idle");
    ConsumerRunner.Builder builder = ConsumerRunner.builder(database.dataSource());
    for (int queue = 0; queue < 10; queue++) {
      Fixture.create(database, "idle" + queue);
      for (int consumer = 0; consumer < 4; consumer++) {
        builder.add(new Consumer("idle" + queue, "c" + consumer) {});
      }
    }
    try (ConsumerRunner runner = builder.build()) {
      runner.start();
      while (!runner.health().stream().allMatch(h -> h.state() == ConsumerState.WAITING)) {
        Thread.onSpinWait();
      }
      // A span without anything to wait for: that nothing happens is what is to be shown.
      long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(end - System.nanoTime());
      }
      assertThat(
              fixture.query(
                  "select query from pg_stat_activity where datname = current_database()"
                      + " and pid <> pg_backend_pid()"
                      + " and query_start > now() - interval '2 seconds'"))
          .as("at most the check of the listening connection")
          .hasSizeLessThanOrEqualTo(1);
      Fixture.stop(runner);
    }
  }
}
