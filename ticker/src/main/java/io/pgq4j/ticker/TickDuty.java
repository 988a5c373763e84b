package io.pgq4j.ticker;

import io.pgq4j.ticker.TickerState.Role;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Becomes the leader and ticks, by the protocol of the package comment. Each round is one step of
 * it; what is ticked, and what a look says of retries, is passed on to the other duties.
 */
final class TickDuty extends Duty {
  private static final Logger LOG = LoggerFactory.getLogger(TickDuty.class);
  private static final String LEADING = "leading";
  private static final String LEADING_UNANNOUNCED =
      "leading; max_prepared_transactions > 0, so producers cannot wake the ticker: it looks once a"
          + " second when idle";
  private static final int LATE_BY = 20;
  private static final Duration LATEST = Duration.ofMillis(500);

  private final DataSource source;
  private final TickerConfig config;
  private final Status status;
  private final Runnable onLead;
  private final LongConsumer onTick;
  private final Consumer<Duration> onRetry;
  private final Complaints complaints = new Complaints(LOG);
  private final Pacing pacing;
  private final Reports reports;

  private volatile @Nullable TickSession session;
  private @Nullable WakeProtocol protocol;
  private boolean othersLead;
  private @Nullable Duration tickIn;

  TickDuty(
      DataSource source,
      TickerConfig config,
      Status status,
      Runnable onLead,
      LongConsumer onTick,
      Consumer<Duration> onRetry) {
    super(config.name() + " tick", status);
    this.source = source;
    this.config = config;
    this.status = status;
    this.onLead = onLead;
    this.onTick = onTick;
    this.onRetry = onRetry;
    pacing = new Pacing(config.minTickInterval(), config.busyShare());
    reports = new Reports(LOG, name(), status);
  }

  @Override
  Duration runOnce() throws SQLException, NotReadyException {
    TickSession connected = session;
    if (connected == null) {
      connected = TickSession.open(source, config, complaints);
      session = connected;
      LOG.debug("{}: connected", name());
    }
    WakeProtocol leading = protocol;
    if (leading == null) {
      if (!mayLead(connected)) {
        return Duration.ZERO;
      }
      leading = WakeProtocol.start(connected.announced());
    }
    protocol = step(connected, leading);
    reports.part(Role.LEADER, connected.announced() ? LEADING : LEADING_UNANNOUNCED);
    reports.summary();
    return leading.state() == WakeProtocol.State.REST ? pacing.rest() : Duration.ZERO;
  }

  /** Asks for the lead; the round after one that asked in vain waits. */
  private boolean mayLead(TickSession connected) throws SQLException {
    if (othersLead) {
      othersLead = false;
      connected.sleep(config.standbyInterval(), this::sleepsInVain);
      return false;
    }
    if (!connected.tryLead()) {
      othersLead = true;
      status.become(Role.STANDBY);
      reports.part(Role.STANDBY, "standing by, another ticker leads");
      return false;
    }
    status.become(Role.LEADER);
    onLead.run();
    return true;
  }

  private WakeProtocol step(TickSession connected, WakeProtocol now) throws SQLException {
    return switch (now.state()) {
      case TICK -> {
        long ticked = tick(connected);
        yield now.ticked(look(connected, false).after(ticked));
      }
      case REST -> now.rested();
      case WAKE -> now.wokenTick(tick(connected));
      case ARM -> now.armed(look(connected, now.announced()));
      case DOZE -> now.woke(sleep(connected, now.doze()));
      case SLEEP -> now.woke(sleep(connected, config.heartbeat()));
    };
  }

  private long tick(TickSession connected) throws SQLException {
    long began = System.nanoTime();
    long ticked = connected.tick();
    long took = System.nanoTime() - began;
    pacing.spent(took);
    status.round(ticked, Duration.ofNanos(took));
    if (ticked > 0) {
      onTick.accept(ticked);
    }
    return ticked;
  }

  private Look look(TickSession connected, boolean armed) throws SQLException {
    Look look = connected.look(armed);
    tickIn = look.tickIn();
    Duration retryIn = look.retryIn();
    if (retryIn != null) {
      onRetry.accept(retryIn);
    }
    return look;
  }

  private boolean sleep(TickSession connected, Duration atMost) throws SQLException {
    Duration time = atMost;
    if (tickIn != null) {
      // A little late, so that queues that were ticked together are due together again.
      Duration late = tickIn.dividedBy(LATE_BY);
      Duration untilTick = tickIn.plus(late.compareTo(LATEST) < 0 ? late : LATEST);
      time = untilTick.compareTo(atMost) < 0 ? untilTick : atMost;
    }
    boolean notified = connected.sleep(time, this::sleepsInVain);
    if (notified) {
      status.wokenUp();
    }
    return notified;
  }

  /** Asked several times a second, which shows that the sleep is no hang. */
  private boolean sleepsInVain() {
    alive();
    return isStopping();
  }

  @Override
  void letGo() {
    TickSession leaving = session;
    boolean led = protocol != null;
    session = null;
    protocol = null;
    othersLead = false;
    status.become(Role.WAITING);
    if (leaving == null) {
      return;
    }
    try (leaving) {
      if (led) {
        leaving.handOver();
        if (isStopping()) {
          reports.part(Role.WAITING, "gave up the lead");
        }
      }
    } catch (SQLException e) {
      // The lock is gone with the connection; the next leader lowers the flag.
      LOG.debug("{}: lost the lead", name());
    }
  }

  @Override
  void abort() {
    TickSession hanging = session;
    if (hanging != null) {
      hanging.abort();
    }
  }
}
