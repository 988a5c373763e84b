package io.pgq4j.ticker;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The connection of the tick duty where there is no session to hold a lock or to listen: it leads
 * by a lease, which each call renews in the transaction that ticks. For one thread, {@link #abort}
 * aside.
 */
final class LeasedSession implements AutoCloseable {
  private static final String POLL =
      "select extract(epoch from p.free_in)::numeric, p.ticked, p.due, p.open,"
          + " extract(epoch from p.tick_in)::numeric, extract(epoch from p.retry_in)::numeric"
          + " from pgq.ticker_leased(?, make_interval(secs => ?)) p";

  private final Session session;
  private final Complaints complaints;
  private final PreparedStatement poll;
  private final PreparedStatement giveUp;

  /**
   * What came of a call.
   *
   * @param look what was done and seen; null: another ticker leads
   * @param freeIn when to ask again if another one leads
   */
  record Poll(@Nullable Look look, Duration freeIn) {}

  private LeasedSession(Session session, TickerConfig config, long holder, Complaints complaints)
      throws SQLException, NotReadyException {
    this.session = session;
    this.complaints = complaints;
    TickSession.checkReady(session.connection(), "pgq.ticker_leased(bigint, interval)");
    poll = session.connection().prepareStatement(POLL);
    poll.setLong(1, holder);
    poll.setDouble(2, config.lease().toMillis() / 1e3);
    giveUp = session.connection().prepareStatement("select pgq.return_lease(?)");
    giveUp.setLong(1, holder);
  }

  /**
   * Connects.
   *
   * @param holder tells this ticker from all others
   */
  static LeasedSession open(
      DataSource source, TickerConfig config, long holder, Complaints complaints)
      throws SQLException, NotReadyException {
    Session session = Session.forTicks(source, config);
    try {
      return new LeasedSession(session, config, holder, complaints);
    } catch (SQLException | NotReadyException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Takes or renews the lead, ticks what is due, and looks. */
  Poll poll() throws SQLException {
    try (ResultSet row = poll.executeQuery()) {
      row.next();
      @Nullable Duration freeIn = TickSession.seconds(row, 1);
      Session.warnings(poll, complaints);
      if (freeIn != null) {
        return new Poll(null, freeIn);
      }
      Look look =
          new Look(
              row.getLong(2),
              row.getBoolean(3),
              row.getBoolean(4),
              TickSession.seconds(row, 5),
              TickSession.seconds(row, 6));
      return new Poll(look, Duration.ZERO);
    }
  }

  /** For a leader that goes. */
  void giveUp() throws SQLException {
    giveUp.executeQuery().close();
  }

  void abort() {
    session.abort();
  }

  @Override
  public void close() {
    session.close();
  }
}
