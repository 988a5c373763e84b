package io.pgq4j.ticker;

import io.pgq4j.ticker.TickerState.Role;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ticks all queues of one database, moves retries back, rotates and compacts. Without a ticker
 * events are stored but no consumer sees them.
 *
 * <p>Any number of tickers may run against a database, in one process or in many: one leads, the
 * others stand by and take over at once when it stops, and within two seconds of its loss. A ticker
 * survives whatever happens to the server: it reconnects until it is stopped. An idle ticker sleeps
 * and is woken by the commit of an event.
 *
 * <p>It uses up to four connections, opened when needed: one for as long as it runs, and one each
 * for retry, rotation and compaction; two more while functions of {@code queue_extra_maint} or
 * VACUUM run. Connections are given back with the settings they came with. The first must be a
 * session of the server; behind a transaction-pooling proxy set {@link
 * TickerConfig.Builder#pooled}.
 *
 * <p>A ticker runs once: a stopped one stays stopped. Its threads are daemon threads. All methods
 * may be called by any thread.
 */
public final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  /** What a connection that was cut needs to be noticed. */
  private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(1);

  private final String name;
  private final Status status;
  private final Duty tick;
  private final List<Duty> duties;

  private Ticker(DataSource source, TickerConfig config, TickerListener listener) {
    name = config.name();
    status = new Status(name, listener);
    RetryDuty retry = new RetryDuty(source, config, status);
    OperationsDuty users = new OperationsDuty("extra", source, config, status);
    OperationsDuty vacuum = new OperationsDuty("vacuum", source, config, status);
    RotationDuty rotation = new RotationDuty(source, config, status, users, vacuum);
    CompactionDuty compaction = new CompactionDuty(source, config, status);
    Runnable onLead =
        () -> {
          rotation.want(Duration.ZERO);
          compaction.want(config.compactionPeriod());
        };
    tick =
        config.pooled()
            ? new LeasedTickDuty(source, config, status, onLead, compaction::ticked, retry::want)
            : new TickDuty(source, config, status, onLead, compaction::ticked, retry::want);
    // The tick duty stops first, so that the lead is given up before connections are closed.
    duties = List.of(tick, retry, rotation, compaction, users, vacuum);
  }

  /** A ticker with the default configuration. Connects to nothing yet. */
  public static Ticker create(DataSource source) {
    return create(source, TickerConfig.defaults());
  }

  /** A ticker. Connects to nothing yet. */
  public static Ticker create(DataSource source, TickerConfig config) {
    return create(source, config, TickerListener.NONE);
  }

  /** A ticker that tells what it does. Connects to nothing yet. */
  public static Ticker create(DataSource source, TickerConfig config, TickerListener listener) {
    return new Ticker(source, config, listener);
  }

  /**
   * Starts; returns at once. Does nothing if it runs already.
   *
   * @throws IllegalStateException if it was stopped
   */
  public void start() {
    if (state().role() == Role.STOPPED) {
      throw new IllegalStateException(name + " was stopped; create another ticker");
    }
    if (status.start()) {
      duties.forEach(Duty::start);
    }
  }

  /**
   * Stops: what is being done is finished, the lead is given up, connections are closed. What has
   * not ended in time loses its connection. Does nothing more if it was stopped before.
   *
   * @return whether everything ended in time
   * @throws InterruptedException if the caller was interrupted while waiting; the ticker stops
   *     anyway
   */
  public boolean stop(Duration timeout) throws InterruptedException {
    duties.forEach(Duty::stop);
    boolean inTime = awaitStopped(timeout);
    if (!inTime) {
      LOG.warn("{}: did not end within {} ms, cutting its connections", name, timeout.toMillis());
      duties.forEach(Duty::abort);
      awaitStopped(ABORT_TIMEOUT);
    }
    status.become(Role.STOPPED);
    return inTime;
  }

  /** {@link #stop} with ten seconds' time. */
  @Override
  public void close() {
    try {
      stop(CLOSE_TIMEOUT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What it is doing now. */
  public TickerState state() {
    return status.state(tick.silence());
  }

  private boolean awaitStopped(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    for (Duty duty : duties) {
      if (!duty.awaitStopped(Duration.ofNanos(Math.max(0, end - System.nanoTime())))) {
        return false;
      }
    }
    return true;
  }
}
