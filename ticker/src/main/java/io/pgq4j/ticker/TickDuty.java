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

  /** How often a ticker that is busy all the time looks for retries, at least. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

  private final DataSource source;
  private final TickerConfig config;
  private final Status status;
  private final Runnable onLead;
  private final LongConsumer onTick;
  private final Consumer<Duration> onRetry;
  private final Complaints complaints = new Complaints(LOG);
  private final Rounds rounds;
  private final Reports reports;

  private volatile @Nullable TickSession session;
  private @Nullable WakeProtocol protocol;
  private boolean othersLead;
  private @Nullable Duration tickIn;
  private boolean flagUp = true;
  private long lookAt;

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
    rounds = new Rounds(config.minTickInterval(), config.busyShare(), System.nanoTime());
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
    WakeProtocol next = step(connected, leading);
    protocol = next;
    reports.part(Role.LEADER, connected.announced() ? LEADING : LEADING_UNANNOUNCED);
    reports.summary();
    return pauseBefore(next);
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

  /** However the ticker came to a tick, since the last one it has rested. */
  private Duration pauseBefore(WakeProtocol next) {
    return switch (next.state()) {
      case TICK -> longer(rounds.rest(System.nanoTime()), next.patience());
      case WAKE -> rounds.rest(System.nanoTime());
      default -> Duration.ZERO;
    };
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  private WakeProtocol step(TickSession connected, WakeProtocol now) throws SQLException {
    return switch (now.state()) {
      case TICK -> tickBusily(connected, now);
      case REST -> now.rested();
      case WAKE -> {
        rounds.lookAtAll(System.nanoTime());
        Round round = tick(connected);
        yield now.wokenTick(round.ticked(), round.held() || rounds.linger());
      }
      case ARM -> now.armed(look(connected, now.announced()));
      case DOZE -> now.woke(sleep(connected, now.doze()));
      case SLEEP -> now.woke(sleep(connected, config.heartbeat()));
    };
  }

  /**
   * After a tick that ticked something it is clear what comes next, and looking would double the
   * cost. It looks now and then all the same, for retries.
   */
  private WakeProtocol tickBusily(TickSession connected, WakeProtocol now) throws SQLException {
    Round round = tick(connected);
    boolean busy = round.ticked() > 0 || round.held() || rounds.linger();
    if (busy && !flagUp && System.nanoTime() - lookAt < 0) {
      return now.busy(round.ticked());
    }
    Look look = look(connected, false);
    return busy ? now.busy(round.ticked()) : now.ticked(look.after(round.ticked()));
  }

  private Round tick(TickSession connected) throws SQLException {
    Integer @Nullable [] queues = rounds.queues(System.nanoTime());
    long began = System.nanoTime();
    Round round = connected.tick(queues);
    long ended = System.nanoTime();
    rounds.done(round, queues == null, round.nanos() + rounds.ownNanos(), ended);
    status.round(round.ticked(), Duration.ofNanos(ended - began));
    if (round.ticked() > 0) {
      onTick.accept(round.ticked());
    }
    return round;
  }

  private Look look(TickSession connected, boolean armed) throws SQLException {
    Look look = connected.look(armed);
    flagUp = armed;
    lookAt = System.nanoTime() + BETWEEN_LOOKS.toNanos();
    rounds.looked(connected.lookNanos());
    if (look.due()) {
      rounds.lookAtAll(System.nanoTime());
    }
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
    flagUp = true; // or so it may be
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
