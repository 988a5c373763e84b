package io.pgq4j.examples.cinema;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgq4j.ConsumerRunner;
import io.pgq4j.Event;
import io.pgq4j.testing.TestDatabase;
import io.pgq4j.ticker.Ticker;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** From seats to what is derived from them, with a ticker. */
@Timeout(120)
class CinemaIT {
  private static final int AUDITORIUMS = 20;

  @RegisterExtension final TestDatabase database = TestDatabase.create();

  @BeforeEach
  void install() throws SQLException {
    Cinema.install(database.dataSource(), AUDITORIUMS);
    Cinema.install(database.dataSource(), AUDITORIUMS);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String query(String sql) throws SQLException {
    return Rows.one(database.dataSource(), sql).get(0);
  }

  private void await(String condition) throws SQLException, InterruptedException {
    while (!"t".equals(query("select " + condition))) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      if (Thread.interrupted()) {
        throw new InterruptedException(condition);
      }
    }
  }

  @Test
  void columnsAndViewsFollowTheSeats() throws Exception {
    try (Ticker ticker = Ticker.create(database.dataSource());
        ConsumerRunner runner = Cinema.runner(database.dataSource())) {
      ticker.start();
      runner.start();
      assertThat(ViewRefresher.schedule(database.dataSource())).isEqualTo(2);
      assertThat(ViewRefresher.schedule(database.dataSource())).isZero();
      try (Agents agents = new Agents(database.dataSource(), AUDITORIUMS, 3, 300)) {
        await("(select count(*) > 100 from cinema.seat_count)");
        await("(select count(*) > 1 from cinema.view_run where reason = 'change')");
        assertThat(agents.seats()).isPositive();
      }
      execute("update cinema.seat set free = false where auditorium_id = 1");
      await(
          """
          not exists (
            select from cinema.auditorium a
            where (a.seats, a.free) is distinct from (
              select (count(*)::integer, (count(*) filter (where s.free))::integer)
              from cinema.seat s where s.auditorium_id = a.id))""");
      await("(select free = 0 from cinema.occupancy where auditorium_id = 1)");
      await(
          """
          not exists (
            select from cinema.view v
            where (
              select count(*) from cinema.view_run r
              where r.view = v.name and r.reason = 'schedule' and r.outcome = 'done') < 2)""");
    }
    assertThat(
            Rows.all(
                database.dataSource(),
                "select one.id from cinema.view_run one join cinema.view_run other using (view)"
                    + " where other.id > one.id and other.started_at < one.ended_at"))
        .as("two refreshes of one view at once")
        .isEmpty();
    assertThat(query("select free from cinema.auditorium where id = 1")).isEqualTo("0");
  }

  @Test
  void aViewThatTakesTooLongIsCutOffAndOneThatIsBrokenSaysSo() throws Exception {
    execute(
        """
        create materialized view cinema.slow as select 1 as id;
        create materialized view cinema.broken as select 1 / (select 0) as id with no data;
        delete from cinema.view;
        insert into cinema.view (name, every, max_duration) values
          ('cinema.slow', '10 ms', '50 ms'), ('cinema.broken', '10 ms', '1 s')""");
    try (Connection reader = database.connect();
        Statement statement = reader.createStatement();
        Ticker ticker = Ticker.create(database.dataSource());
        ConsumerRunner runner = Cinema.runner(database.dataSource())) {
      reader.setAutoCommit(false);
      statement.execute("select pg_advisory_xact_lock(1, hashtext('cinema.slow'))");
      ticker.start();
      runner.start();
      ViewRefresher.schedule(database.dataSource());
      await("(select count(*) > 1 from cinema.view_run where outcome = 'cut off')");
      await("(select count(*) > 1 from cinema.view_run where outcome = 'failed')");
    }
    assertThat(
            Rows.all(
                database.dataSource(),
                "select distinct view, outcome from cinema.view_run where outcome is not null"
                    + " order by view"))
        .containsExactly(List.of("cinema.broken", "failed"), List.of("cinema.slow", "cut off"));
  }

  @Test
  void anEventThatComesAgainStartsNoSecondSchedule() throws Exception {
    ViewRefresher refresher = new ViewRefresher(database.dataSource());
    ViewRefresher.schedule(database.dataSource());
    Event event =
        new Event(
            1,
            1,
            Instant.EPOCH,
            0,
            "schedule",
            "{\"view\": \"cinema.busiest\"}",
            null,
            null,
            null,
            null);

    refresher.process(event);
    refresher.process(event);

    assertThat(query("select count(*) from cinema.view_run")).isEqualTo("1");
    assertThat(query("select count(*) from pgq.retry_queue")).isEqualTo("1");
  }

  @Test
  void aRunThatSomebodyDiedInIsLost() throws Exception {
    execute("insert into cinema.view_run (view, reason) values ('cinema.busiest', 'change')");

    new ViewRefresher(database.dataSource())
        .process(
            new Event(
                1,
                1,
                Instant.EPOCH,
                0,
                "change",
                "{\"view\": \"cinema.busiest\"}",
                null,
                null,
                null,
                null));

    assertThat(query("select string_agg(outcome, ' ' order by id) from cinema.view_run"))
        .isEqualTo("lost done");
  }
}
