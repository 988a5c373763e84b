package io.pgq4j.ticker.daemon;

import io.pgq4j.Settings;
import io.pgq4j.daemon.DaemonProgram;
import io.pgq4j.ticker.Ticker;
import io.pgq4j.ticker.daemon.DaemonConfig.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ticker for each database, those that a pattern finds among them: looks for them again and
 * again, starts what is new and stops what is gone. Each has its own threads and connections, so
 * one that fails does not slow the others.
 */
final class TickerService implements DaemonProgram.Service {
  private static final Logger LOG = LoggerFactory.getLogger(TickerService.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
  private static final long RETRY_MILLIS = 10_000;

  private record Running(Database database, Ticker ticker) {}

  private final Map<String, String> environment;
  private final Thread scanner = new Thread(this::scan, "databases");
  private final Semaphore reloads = new Semaphore(0);
  private final Map<String, Running> running = new HashMap<>();
  private volatile DaemonConfig config;
  private boolean stopping;

  TickerService(Settings settings, Map<String, String> environment) {
    this.environment = environment;
    config = new DaemonConfig(settings, environment);
  }

  @Override
  public void start() {
    scanner.setDaemon(true);
    scanner.start();
  }

  @Override
  public void reload(Settings settings) {
    config = new DaemonConfig(settings, environment);
    reloads.release();
  }

  private void scan() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long period = config.rescanPeriod().toMillis();
        long pause = apply() ? period : Math.min(period, RETRY_MILLIS);
        if (reloads.tryAcquire(pause, TimeUnit.MILLISECONDS)) {
          reloads.drainPermits();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // by stop
    }
  }

  private boolean apply() {
    DaemonConfig now = config;
    try {
      change(DatabaseFinder.find(now, names()));
      return true;
    } catch (SQLException e) {
      LOG.warn("cannot look for databases: {}; trying again", e.getMessage());
      return false;
    }
  }

  private synchronized Set<String> names() {
    return Set.copyOf(running.keySet());
  }

  private synchronized void change(Map<String, Database> wanted) {
    if (stopping) {
      return;
    }
    List<Ticker> gone = new ArrayList<>();
    running
        .entrySet()
        .removeIf(
            old -> {
              Database its = wanted.get(old.getKey());
              if (its != null && its.identity().equals(old.getValue().database().identity())) {
                return false;
              }
              LOG.info("{}: stopping", old.getKey());
              gone.add(old.getValue().ticker());
              return true;
            });
    stop(gone);
    wanted.forEach(
        (name, database) -> {
          if (!running.containsKey(name)) {
            LOG.info("{}: starting, database {}", name, database.description());
            Ticker ticker = Ticker.create(database.source(), database.config());
            running.put(name, new Running(database, ticker));
            ticker.start();
          }
        });
  }

  @Override
  public synchronized boolean stop() {
    stopping = true;
    scanner.interrupt();
    return stop(running.values().stream().map(Running::ticker).toList());
  }

  /** Side by side: each may need its time. */
  private static boolean stop(List<Ticker> tickers) {
    ExecutorService stoppers = Executors.newCachedThreadPool();
    try {
      boolean clean = true;
      for (Future<Boolean> stopped :
          stoppers.invokeAll(
              tickers.stream()
                  .<Callable<Boolean>>map(ticker -> () -> ticker.stop(STOP_TIMEOUT))
                  .toList())) {
        clean &= stopped.get();
      }
      return clean;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      LOG.error("a ticker did not stop", e.getCause());
      return false;
    } finally {
      stoppers.shutdown();
    }
  }
}
