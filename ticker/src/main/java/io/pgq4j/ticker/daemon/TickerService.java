package io.pgq4j.ticker.daemon;

import io.pgq4j.Settings;
import io.pgq4j.daemon.DaemonProgram;
import io.pgq4j.daemon.ListenAddress;
import io.pgq4j.ticker.Ticker;
import io.pgq4j.ticker.TickerState;
import io.pgq4j.ticker.daemon.DaemonConfig.Database;
import java.lang.Thread.State;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private @Nullable Monitor monitor; // from start on
  private volatile DaemonConfig config;
  private volatile boolean scanned;
  private volatile boolean stopping;

  TickerService(Settings settings, Map<String, String> environment) {
    this.environment = environment;
    config = new DaemonConfig(settings, environment);
  }

  @Override
  public synchronized void start() {
    Optional<ListenAddress> listen = config.httpListen();
    if (listen.isPresent()) {
      Monitor listening = new Monitor(listen.get(), this::health);
      listening.start();
      monitor = listening;
    }
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
      change(DatabaseFinder.find(now, Set.copyOf(running.keySet())));
      scanned = true;
      return true;
    } catch (SQLException e) {
      LOG.warn("cannot look for databases: {}; trying again", e.getMessage());
      return false;
    }
  }

  private synchronized void change(Map<String, Database> wanted) {
    if (stopping) {
      return;
    }
    Map<String, Ticker> gone = new HashMap<>();
    running
        .entrySet()
        .removeIf(
            old -> {
              Database its = wanted.get(old.getKey());
              if (its != null && its.identity().equals(old.getValue().database().identity())) {
                return false;
              }
              LOG.info("{}: stopping", old.getKey());
              gone.put(old.getKey(), old.getValue().ticker());
              return true;
            });
    stop(gone.values());
    gone.keySet().forEach(this::forget);
    wanted.forEach(
        (name, database) -> {
          if (!running.containsKey(name)) {
            LOG.info("{}: starting, database {}", name, database.description());
            Ticker ticker =
                monitor == null
                    ? Ticker.create(database.source(), database.config())
                    : monitor.ticker(name, database);
            running.put(name, new Running(database, ticker));
            ticker.start();
          }
        });
  }

  private synchronized void forget(String name) {
    if (monitor != null) {
      monitor.forget(name);
    }
  }

  @Override
  public List<String> faults() {
    return health().faults();
  }

  private Health health() {
    Map<String, TickerState> states = new TreeMap<>();
    running.forEach((name, its) -> states.put(name, its.ticker().state()));
    return new Health(stopping || scanner.getState() != State.TERMINATED, scanned, states);
  }

  @Override
  public synchronized boolean stop() {
    stopping = true;
    scanner.interrupt();
    boolean clean = stop(running.values().stream().map(Running::ticker).toList());
    if (monitor != null) {
      monitor.close();
    }
    return clean;
  }

  /** Side by side: each may need its time. */
  private static boolean stop(Collection<Ticker> tickers) {
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
