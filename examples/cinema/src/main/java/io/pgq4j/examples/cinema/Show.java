package io.pgq4j.examples.cinema;

import io.pgq4j.ConsumerInfo;
import io.pgq4j.ConsumerRunner;
import io.pgq4j.QueueAdmin;
import io.pgq4j.examples.Screen;
import io.pgq4j.examples.Stage;
import io.pgq4j.sql.SchemaInstaller;
import io.pgq4j.ticker.Ticker;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/** Runs the example once. */
final class Show {
  private static final int AGENTS = 4;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** Without {@code --for}; with it, half of that, for the rest takes its time, too. */
  private static final int SECONDS = 12;

  private static final String LINE = "%6s  %12s  %9s  %12s  %10s";

  /** Of what was counted since a time. */
  private static final String COUNTED =
      """
      select
        coalesce(sum(changes), 0), count(*),
        %s from cinema.seat_count where counted_at >= ?::timestamptz"""
          .formatted(
              String.join(
                  ", ",
                  milliseconds("percentile_cont(0.5) within group (order by waited)"),
                  milliseconds("percentile_cont(0.99) within group (order by waited)"),
                  milliseconds("max(waited)")));

  private static final String WRONG =
      """
      select count(*) from cinema.auditorium a
      where (a.seats, a.free) is distinct from (
        select (count(*)::integer, (count(*) filter (where s.free))::integer)
        from cinema.seat s where s.auditorium_id = a.id)""";

  private static final String VIEWS =
      """
      select
        v.name, count(*) filter (where r.reason = 'schedule'),
        count(*) filter (where r.reason = 'change'), %s,
        (select count(*) from cinema.view_run o
          where o.view = v.name and exists (
            select from cinema.view_run p
            where p.view = o.view and p.id < o.id and p.ended_at > o.started_at))
      from cinema.view v
      join cinema.view_run r on r.view = v.name
      where r.started_at >= ?::timestamptz
      group by v.name
      order by v.name"""
          .formatted(milliseconds("max(r.ended_at - r.started_at)"));

  private final Stage stage;
  private final Screen screen;
  private final DataSource dataSource;
  private final int auditoriums;
  private final double rate;

  Show(Stage stage, int auditoriums, double rate) {
    this.stage = stage;
    this.screen = stage.screen();
    this.dataSource = stage.dataSource();
    this.auditoriums = auditoriums;
    this.rate = rate;
  }

  private static String milliseconds(String interval) {
    return "coalesce(round(1000 * extract(epoch from " + interval + ")), 0)";
  }

  void run() throws SQLException, InterruptedException {
    SchemaInstaller.of(dataSource).install();
    Cinema.install(dataSource, auditoriums);
    screen.fact("Database", stage.database().description());
    screen.fact("Seats", "%,d in %,d auditoriums".formatted(count("seat"), count("auditorium")));
    screen.fact("Changes", "%.0f transactions a second, each of 1 to 8 seats".formatted(rate));
    screen.say("");
    String since = Rows.one(dataSource, "select clock_timestamp()").get(0);
    try (Ticker ticker = Ticker.create(dataSource);
        ConsumerRunner runner = Cinema.runner(dataSource)) {
      ticker.start();
      runner.start();
      ViewRefresher.schedule(dataSource);
      play(since);
      report(since);
    }
    compare();
  }

  private long count(String table) throws SQLException {
    return Long.parseLong(Rows.one(dataSource, "select count(*) from cinema." + table).get(0));
  }

  private void play(String since) throws SQLException, InterruptedException {
    int seconds = stage.time() == null ? SECONDS : (int) Math.max(1, stage.time().toSeconds() / 2);
    screen.say(LINE.formatted("Second", "seats changed", "counts", "wait p99", "view runs"));
    try (Agents agents = new Agents(dataSource, auditoriums, AGENTS, rate)) {
      for (int second = 1; second <= seconds && !stage.stopped(SECOND); second++) {
        List<String> counted = Rows.one(dataSource, COUNTED, since);
        String runs =
            Rows.one(
                    dataSource,
                    "select count(*) from cinema.view_run where started_at >= ?::timestamptz",
                    since)
                .get(0);
        screen.say(
            LINE.formatted(second, agents.seats(), counted.get(1), counted.get(3) + " ms", runs));
      }
    }
    drain();
  }

  /** Waits until what was committed is counted. */
  private void drain() throws InterruptedException {
    QueueAdmin admin = QueueAdmin.of(dataSource);
    long tick = admin.tick(Cinema.CHANGES).orElse(0);
    while (admin.consumers(Cinema.CHANGES).stream().anyMatch(consumer -> isBefore(consumer, tick))
        && !stage.stopped(LOOK_AGAIN)) {}
  }

  private static boolean isBefore(ConsumerInfo consumer, long tick) {
    Long last = consumer.lastTick();
    return last == null || last < tick;
  }

  private void report(String since) throws SQLException {
    screen.title("What happened");
    List<String> counted = Rows.one(dataSource, COUNTED, since);
    screen.fact(
        "Counts",
        "%s changes of seats in %s counts of an auditorium"
            .formatted(counted.get(0), counted.get(1)));
    screen.fact(
        "Waited",
        "p50 %s ms   p99 %s ms   longest %s ms, from the change until it was counted"
            .formatted(counted.get(2), counted.get(3), counted.get(4)));
    screen.fact(
        "Wrong", Rows.one(dataSource, WRONG).get(0) + " auditoriums, counted all to compare");
    for (List<String> view : Rows.all(dataSource, VIEWS, since)) {
      screen.fact(
          "View",
          "%s: %s runs by schedule, %s by change, the longest %s ms, %s at once with another"
              .formatted(view.toArray()));
    }
    screen.say("");
    screen.whisper("Each run is in cinema.view_run, each count in cinema.seat_count.");
  }

  private void compare() throws SQLException {
    Comparison comparison = Comparison.run(dataSource);
    screen.title("Beside a refresh of the whole view");
    screen.say(
        "%,d changed seats of %d auditoriums:"
            .formatted(comparison.seats(), comparison.auditoriums()));
    screen.fact("Columns", line(comparison, comparison.counted()));
    screen.fact("Whole view", line(comparison, comparison.refreshed()));
  }

  private static String line(Comparison comparison, Duration time) {
    return "%s, %,d changed seats a second".formatted(Screen.millis(time), comparison.rate(time));
  }
}
