package io.pgq4j.examples.upstats;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The article's first design, beside: asks the database for each live stream, again and again,
 * whether there is something new. Sends nothing. Thread-safe.
 */
final class Polling implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Polling.class);

  /** How long a stream's user waits at most. */
  private static final Duration PERIOD = Duration.ofSeconds(5);

  private static final String STREAMS =
      "select id from upstats.search_stream where not paused and not deleted";
  private static final String NEWS =
      "select count(*), coalesce(sum(extract(epoch from clock_timestamp() - ad.collected)), 0)"
          + " from upstats.search_stream stream"
          + " join upstats.job_ad ad on ad.search @@ stream.query"
          + " where stream.id = ? and ad.collected > clock_timestamp() - make_interval(secs => ?)";

  private final DataSource dataSource;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "polling");
  private final long begin = System.nanoTime();
  private long queries;
  private long found;
  private double waited;

  private Polling(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  static Polling start(DataSource dataSource) {
    Polling polling = new Polling(dataSource);
    polling.thread.start();
    return polling;
  }

  private void run() {
    try (Connection connection = dataSource.getConnection()) {
      while (!stop.await(PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        for (long stream : streams(connection)) {
          ask(connection, stream);
        }
      }
    } catch (SQLException e) {
      log.warn("polling ends: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<Long> streams(Connection connection) throws SQLException {
    queries++;
    try (PreparedStatement statement = connection.prepareStatement(STREAMS);
        ResultSet rows = statement.executeQuery()) {
      List<Long> ids = new ArrayList<>();
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
      return ids;
    }
  }

  private synchronized void ask(Connection connection, long stream) throws SQLException {
    queries++;
    try (PreparedStatement statement = connection.prepareStatement(NEWS)) {
      statement.setLong(1, stream);
      statement.setLong(2, PERIOD.toSeconds());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        found += row.getLong(1);
        waited += row.getDouble(2);
      }
    }
  }

  /**
   * What both designs cost, for the user.
   *
   * @param all queries served since this was started, those of the polling among them
   */
  synchronized List<String> compared(long all) {
    double hours = (System.nanoTime() - begin) / 3.6e12;
    return List.of(
        String.format(
            Locale.ROOT,
            "polling  %,8.0f an hour, whatever happens; a match is found after %.1f s",
            queries / hours,
            found == 0 ? 0 : waited / found),
        String.format(
            Locale.ROOT,
            "pgq4j    %,8.0f an hour, those of the collector among them; none while nothing happens",
            (all - queries) / hours));
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
