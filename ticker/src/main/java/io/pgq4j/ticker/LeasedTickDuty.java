package io.pgq4j.ticker;

import io.pgq4j.ticker.TickerState.Role;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Becomes the leader by a lease and ticks, by polling: what {@link TickDuty} does, where nobody can
 * wake it. After a tick it looks again at the pace of a busy ticker, then at growing intervals.
 */
final class LeasedTickDuty extends Duty {
  private static final Logger LOG = LoggerFactory.getLogger(LeasedTickDuty.class);

  /** The lease ends after this by the server's clock; asking too early is asking twice. */
  private static final Duration AFTER_THE_LEASE = Duration.ofMillis(20);

  private static final int GROWTH = 2;

  private final DataSource source;
  private final TickerConfig config;
  private final Status status;
  private final Runnable onLead;
  private final LongConsumer onTick;
  private final Consumer<Duration> onRetry;
  private final long holder = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  private final Complaints complaints = new Complaints(LOG);
  private final Pacing pacing;
  private final Reports reports;

  private volatile @Nullable LeasedSession session;
  private boolean leading;
  private Duration pause = Duration.ZERO;

  LeasedTickDuty(
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
    LeasedSession connected = session;
    if (connected == null) {
      connected = LeasedSession.open(source, config, holder, complaints);
      session = connected;
      LOG.debug("{}: connected", name());
    }
    long began = System.nanoTime();
    LeasedSession.Poll poll = connected.poll();
    Look look = poll.look();
    if (look == null) {
      leading = false;
      status.become(Role.STANDBY);
      reports.part(Role.STANDBY, "standing by, another ticker leads");
      return poll.freeIn().plus(AFTER_THE_LEASE);
    }
    long took = System.nanoTime() - began;
    pacing.spent(took);
    lead();
    status.round(look.ticked(), Duration.ofNanos(took));
    if (look.ticked() > 0) {
      onTick.accept(look.ticked());
    }
    Duration retryIn = look.retryIn();
    if (retryIn != null) {
      onRetry.accept(retryIn);
    }
    reports.summary();
    return pauseAfter(look);
  }

  private void lead() {
    if (!leading) {
      leading = true;
      status.become(Role.LEADER);
      onLead.run();
      reports.part(Role.LEADER, "leading by a lease");
    }
  }

  private Duration pauseAfter(Look look) {
    Duration least = pacing.rest();
    pause =
        look.ticked() > 0
            ? least
            : longer(least, shorter(pause.multipliedBy(GROWTH), config.pollInterval()));
    Duration tickIn = look.tickIn();
    // What is due and was not ticked is locked by somebody: trying fast helps nobody.
    return tickIn == null || look.due() ? pause : longer(least, shorter(pause, tickIn));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  @Override
  void letGo() {
    LeasedSession leaving = session;
    boolean led = leading;
    session = null;
    leading = false;
    status.become(Role.WAITING);
    if (leaving == null) {
      return;
    }
    try (leaving) {
      if (led) {
        leaving.giveUp();
        if (isStopping()) {
          reports.part(Role.WAITING, "gave up the lead");
        }
      }
    } catch (SQLException e) {
      LOG.debug("{}: could not give up the lead; its lease ends soon", name());
    }
  }

  @Override
  void abort() {
    LeasedSession hanging = session;
    if (hanging != null) {
      hanging.abort();
    }
  }
}
