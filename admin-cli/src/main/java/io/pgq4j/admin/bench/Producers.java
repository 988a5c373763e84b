package io.pgq4j.admin.bench;

import io.pgq4j.EventWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Sessions that insert events by a schedule. Whoever is free takes the next event, so one slow
 * commit does not delay the events of the others; when all are busy an event is late, and its time
 * from the schedule says so.
 */
final class Producers implements AutoCloseable {
  private static final int PER_SECOND_AND_SESSION = 100;
  private static final int MOST_SESSIONS = 32;

  private final List<EventWriter> writers;
  private final List<Connection> connections = new ArrayList<>();
  private final ExecutorService threads;

  private Producers(List<String> queues) {
    writers = queues.stream().map(EventWriter::to).toList();
    threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "pgq4j-bench-producer");
              thread.setDaemon(true);
              return thread;
            });
  }

  /** As many sessions as the rate needs. They write to the queues in turn. */
  static Producers connect(DataSource database, List<String> queues, int rate) throws SQLException {
    Producers producers = new Producers(queues);
    try {
      for (int i = 0; i < sessions(rate); i++) {
        producers.connections.add(database.getConnection());
      }
      return producers;
    } catch (SQLException e) {
      producers.close();
      throw e;
    }
  }

  static int sessions(int rate) {
    return Math.min(MOST_SESSIONS, rate / PER_SECOND_AND_SESSION + 1);
  }

  /** Inserts all events of a run, and returns when the last is committed. */
  void run(LatencyRun run) throws SQLException, InterruptedException {
    List<Future<?>> sessions = new ArrayList<>();
    for (Connection connection : connections) {
      sessions.add(threads.submit(() -> insert(run, connection)));
    }
    for (Future<?> session : sessions) {
      try {
        session.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }

  private void insert(LatencyRun run, Connection connection) {
    for (int event = run.take(); event < run.events(); event = run.take()) {
      await(run.due(event));
      if (Thread.interrupted()) {
        return;
      }
      writers.get(event % writers.size()).insert(connection, "bench", Integer.toString(event));
      run.committed(event, System.nanoTime());
    }
  }

  private static void await(long time) {
    long left = time - System.nanoTime();
    while (left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(left);
      left = time - System.nanoTime();
    }
  }

  @Override
  public void close() throws SQLException {
    threads.shutdownNow();
    try {
      threads.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Connection connection : connections) {
      connection.close();
    }
  }
}
