package io.pgq4j.examples.cinema;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/** Write down which seats are taken and which are free again, until they are closed. */
final class Agents implements AutoCloseable {
  private static final int MOST_SEATS = 8;

  private static final String CHANGE =
      "update cinema.seat set free = not free, changed_at = clock_timestamp()"
          + " where auditorium_id = ? and number between ? and ?";

  private final DataSource dataSource;
  private final int auditoriums;
  private final Duration pause;
  private final ExecutorService threads;
  private final List<Future<Void>> running = new ArrayList<>();
  private final AtomicLong seats = new AtomicLong();
  private volatile boolean stopped;

  /**
   * Starts them.
   *
   * @param rate how many transactions in a second they make together, each of up to eight seats
   */
  Agents(DataSource dataSource, int auditoriums, int count, double rate) {
    this.dataSource = dataSource;
    this.auditoriums = auditoriums;
    pause = Duration.ofNanos((long) (1e9 * count / rate));
    threads = Executors.newFixedThreadPool(count);
    for (int i = 0; i < count; i++) {
      running.add(threads.submit(this::work));
    }
  }

  /** How many seats they have changed. */
  long seats() {
    return seats.get();
  }

  private Void work() throws SQLException {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement = connection.prepareStatement(CHANGE)) {
      long next = System.nanoTime();
      while (!stopped) {
        int first = random.nextInt(1, Cinema.SEATS_EACH - MOST_SEATS);
        statement.setInt(1, random.nextInt(1, auditoriums + 1));
        statement.setInt(2, first);
        statement.setInt(3, first + random.nextInt(MOST_SEATS));
        seats.addAndGet(statement.executeUpdate());
        next += pause.toNanos();
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    return null;
  }

  /** Waits for their last transactions. */
  @Override
  public void close() throws SQLException {
    stopped = true;
    threads.shutdown();
    for (Future<Void> agent : running) {
      try {
        agent.get();
      } catch (ExecutionException e) {
        throw new SQLException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // they end all the same
        return;
      }
    }
  }
}
