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
  private static final Duration KEEP_CONNECTION = Duration.ofSeconds(30);

  private final DataSource source;
  private final TickerConfig config;
  private final Status status;
  private final String application;
  private volatile @Nullable Session session;
  private volatile boolean wanted;

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
    wanted = true;
    wakeWithin(in);
  }

  @Override
  final @Nullable Duration runOnce() throws SQLException {
    if (!wanted || !status.leads()) {
      letGo();
      return null;
    }
    Session open = session;
    if (open == null) {
      open = Session.forMaintenance(source, application, config.lockTimeout());
      session = open;
    }
    wanted = false;
    @Nullable Duration again;
    try {
      again = work(open.connection());
    } catch (SQLException | RuntimeException e) {
      wanted = true;
      throw e;
    }
    if (again == null) {
      return KEEP_CONNECTION;
    }
    wanted = true;
    if (again.compareTo(KEEP_CONNECTION) > 0) {
      letGo();
    }
    return again;
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
