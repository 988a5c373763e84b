package io.pgq4j.examples.cinema;

import io.pgq4j.SqlTemplate;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;

/**
 * The same changes brought to a materialised column and to a whole materialised view; the median of
 * some rounds.
 *
 * @param seats changed in a round
 * @param auditoriums that they are of
 */
record Comparison(int seats, int auditoriums, Duration counted, Duration refreshed) {
  private static final int ROUNDS = 9;
  private static final int AUDITORIUMS = 100;
  private static final int SEATS_OF_EACH = 10;
  private static final SqlTemplate COUNT = SqlTemplate.parse(Cinema.COUNT);

  /** Runs it. Nothing else should be going on. */
  static Comparison run(DataSource dataSource) throws SQLException {
    List<Duration> counts = new ArrayList<>();
    List<Duration> refreshes = new ArrayList<>();
    int seats = 0;
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("set max_parallel_workers_per_gather = 0"); // each has one core
      String changed = array(statement);
      for (int i = 0; i < ROUNDS; i++) {
        seats =
            statement.executeUpdate(
                "update cinema.seat set free = not free, changed_at = clock_timestamp()"
                    + " where number <= %d and auditorium_id = any ('%s')"
                        .formatted(SEATS_OF_EACH, changed));
        long start = System.nanoTime();
        COUNT.run(connection, name -> changed);
        long middle = System.nanoTime();
        statement.execute("refresh materialized view cinema.occupancy");
        refreshes.add(Duration.ofNanos(System.nanoTime() - middle));
        counts.add(Duration.ofNanos(middle - start));
      }
    }
    return new Comparison(seats, AUDITORIUMS, median(counts), median(refreshes));
  }

  /** Some auditoriums, as an array's literal. */
  private static String array(Statement statement) throws SQLException {
    try (var row =
        statement.executeQuery(
            "select array_agg(id) from (select id from cinema.auditorium order by hashint4(id)"
                + " limit "
                + AUDITORIUMS
                + ") a")) {
      row.next();
      return row.getString(1);
    }
  }

  private static Duration median(List<Duration> times) {
    Collections.sort(times);
    return times.get(times.size() / 2);
  }

  /** Changed seats in a second of this work. */
  long rate(Duration time) {
    return Math.round(seats * 1e9 / time.toNanos());
  }
}
