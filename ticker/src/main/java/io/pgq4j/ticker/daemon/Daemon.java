package io.pgq4j.ticker.daemon;

import io.pgq4j.ticker.Ticker;
import io.pgq4j.ticker.daemon.DaemonConfig.Database;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tickers that run until the process is told to end. */
final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  private final List<Ticker> tickers = new ArrayList<>();

  Daemon(List<Database> databases) {
    for (Database database : databases) {
      LOG.info("{}: starting, database {}", database.config().name(), database.description());
      tickers.add(Ticker.create(database.source(), database.config()));
    }
  }

  /** Does not return: a signal ends the process. */
  void run() throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "stop"));
    tickers.forEach(Ticker::start);
    new CountDownLatch(1).await();
  }

  /** The JVM would report the signal as its exit code; a clean stop is 0. */
  private void shutDown() {
    LOG.info("stopping");
    boolean clean = stopAll();
    LOG.info("stopped{}", clean ? "" : ", but not in time: connections were cut");
    Runtime.getRuntime().halt((clean ? ExitCode.OK : ExitCode.INTERNAL_ERROR).code());
  }

  private boolean stopAll() {
    AtomicBoolean clean = new AtomicBoolean(true);
    List<Thread> stoppers = new ArrayList<>();
    for (Ticker ticker : tickers) {
      Thread stopper = new Thread(() -> stop(ticker, clean), "stop");
      stopper.start();
      stoppers.add(stopper);
    }
    try {
      for (Thread stopper : stoppers) {
        stopper.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return clean.get();
  }

  private static void stop(Ticker ticker, AtomicBoolean clean) {
    try {
      if (!ticker.stop(STOP_TIMEOUT)) {
        clean.set(false);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      clean.set(false);
    }
  }
}
