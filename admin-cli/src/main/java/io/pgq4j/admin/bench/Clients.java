package io.pgq4j.admin.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sessions that run one statement again and again, each execution a transaction of its own. */
final class Clients implements AutoCloseable {
  private final List<Connection> connections = new ArrayList<>();
  private final ExecutorService threads;
  private final String statement;
  private final Duration time;

  private Clients(String statement, int clients, Duration time) {
    this.statement = statement;
    this.time = time;
    threads =
        Executors.newFixedThreadPool(
            clients,
            task -> {
              Thread thread = new Thread(task, "pgq4j-bench-client");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Sessions of a scratch database, which closes them.
   *
   * @param setting a SET for each session
   * @param time how long {@link #run} lasts
   */
  static Clients of(
      ScratchDatabase scratch, int clients, String setting, String statement, Duration time)
      throws SQLException {
    Clients all = scratch.stopping(new Clients(statement, clients, time));
    for (int i = 0; i < clients; i++) {
      Connection connection = scratch.connect();
      Sql.execute(connection, setting);
      all.connections.add(connection);
    }
    return all;
  }

  /** Runs for a while; returns the number of transactions. */
  long run() throws SQLException, InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    List<Callable<Long>> sessions = new ArrayList<>();
    for (Connection connection : connections) {
      sessions.add(() -> run(connection, end));
    }
    long done = 0;
    for (Future<Long> session : threads.invokeAll(sessions)) {
      try {
        done += session.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof SQLException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    return done;
  }

  private long run(Connection connection, long end) throws SQLException {
    long done = 0;
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      do {
        prepared.execute();
        done++;
      } while (System.nanoTime() < end);
    }
    return done;
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
