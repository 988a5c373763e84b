package io.pgq4j.examples.jobs;

import io.pgq4j.examples.Screen;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * What became of the jobs in the table.
 *
 * @param begun those that a worker has begun
 * @param p50 from the insert to the worker's start, in milliseconds; 0 if none has started
 */
record Totals(
    long all, long begun, long done, long cancelled, long failed, double p50, double p99) {

  static Totals of(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                select count(*), count(wait), count(*) filter (where state = 'done'),
                       count(*) filter (where state = 'cancelled'),
                       count(*) filter (where state = 'failed'),
                       coalesce(percentile_cont(0.5) within group (order by wait), 0),
                       coalesce(percentile_cont(0.99) within group (order by wait), 0)
                  from (select state, extract(epoch from started_at - clicked_at) * 1000 as wait
                          from jobs.job_queue) j\
                """)) {
      row.next();
      return new Totals(
          row.getLong(1),
          row.getLong(2),
          row.getLong(3),
          row.getLong(4),
          row.getLong(5),
          row.getDouble(6),
          row.getDouble(7));
    }
  }

  void print(Screen screen) {
    screen.title("What happened");
    screen.fact(
        "Reports",
        all + " started, " + done + " done, " + cancelled + " cancelled, " + failed + " failed");
    if (begun == 0) {
      screen.fact("Start", "no worker has begun one yet");
      return;
    }
    screen.fact(
        "Start", "p50 %.1f ms   p99 %.1f ms from the insert to a worker".formatted(p50, p99));
  }
}
