package io.pgq4j.ticker;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A duty of the leader beside ticking. It connects when there is work and keeps the connection
 * while work keeps coming.
 */
abstract class MaintenanceDuty extends Duty {
  private static final Duration KEEP_CONNECTION = Duration.ofMinutes(2);

  private final DataSource source;
  private final TickerConfig config;
  private final Status status;
  private final String application;
  private volatile @Nullable Session session;
  private boolean wanted;
  private long wantedAt;

  MaintenanceDuty(String what, DataSource source, TickerConfig config, Status status) {
    super(config.name() + " " + what, status);
    this.source = source;
    this.config = config;
    this.status = status;
    application = what;
  }

  /**
   * Does the work there is.
   *
   * @return when to do it again without being asked; null: when asked
   */
  abstract @Nullable Duration work(Connection connection) throws SQLException;

  /** There will be work at that time; sooner if asked so before. */
  final void want(Duration in) {
    long at = System.nanoTime() + in.toNanos();
    synchronized (this) {
      if (!wanted || at - wantedAt < 0) {
        wanted = true;
        wantedAt = at;
      }
    }
    wakeWithin(in);
  }

  @Override
  final @Nullable Duration runOnce() throws SQLException, NotReadyException {
    @Nullable Duration until = status.leads() ? untilWanted() : null;
    if (until == null || !until.isZero()) {
      letGo();
      return until;
    }
    Session open = session;
    if (open == null) {
      open = Session.forMaintenance(source, application, config);
      session = open;
    }
    done();
    @Nullable Duration again;
    try {
      again = work(open.connection());
    } catch (SQLException | RuntimeException e) {
      want(Duration.ZERO);
      throw e;
    }
    if (again == null) {
      return KEEP_CONNECTION;
    }
    want(again);
    if (again.compareTo(KEEP_CONNECTION) > 0) {
      letGo();
    }
    return again;
  }

  private synchronized @Nullable Duration untilWanted() {
    return wanted ? Duration.ofNanos(Math.max(0, wantedAt - System.nanoTime())) : null;
  }

  private synchronized void done() {
    wanted = false;
  }

  @Override
  final void letGo() {
    Session leaving = session;
    session = null;
    if (leaving != null) {
      leaving.close();
    }
  }

  @Override
  final void abort() {
    Session hanging = session;
    if (hanging != null) {
      hanging.abort();
    }
  }
}
