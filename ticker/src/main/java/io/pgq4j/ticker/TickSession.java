package io.pgq4j.ticker;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/**
 * The connection of the tick duty: it listens, asks for the leader's lock, ticks, and looks.
 * Whoever holds the lock holds it by this session, so a tick can only be made by the leader. For
 * one thread, {@link #abort} aside.
 */
final class TickSession implements AutoCloseable {
  /** The bytes of "pgq4tikr". */
  private static final long LEADER_LOCK = 8099566924954430322L;

  /**
   * Lowers the wake flag, gives the lock back, and tells the standbys that it is free: in this
   * order, so that the flag is not that of the successor, and who is told finds the lock free.
   */
  private static final String HAND_OVER =
      "select pgq.ticker_state(false); select pg_advisory_unlock("
          + LEADER_LOCK
          + "), pg_notify('pgq_ticker_lead', '')";

  /**
   * The flag is all that this transaction changes, and it need not survive a crash, for a ticker
   * lowers it first thing. So its commit does not wait for the disk.
   */
  private static final String LOOK =
      "select s.due, s.open, extract(epoch from s.tick_in)::numeric,"
          + " extract(epoch from s.retry_in)::numeric,"
          + " extract(epoch from clock_timestamp() - statement_timestamp())::numeric"
          + " from pgq.ticker_state(?) s, set_config('synchronous_commit', 'off', true)";

  private static final String ROUND =
      "select r.queues_ticked, r.busy_queues, r.held, extract(epoch from r.took)::numeric"
          + " from pgq.tick_round(?) r";

  private static final String READY =
      "select pg_is_in_recovery(), to_regprocedure(?) is null,"
          + " current_setting('max_prepared_transactions')::integer > 0";

  /** A notification wakes at once; how soon a sleeping ticker sees that it is to stop. */
  private static final int SLICE_MILLIS = 40;

  private final Session session;
  private final PGConnection postgres;
  private final Complaints complaints;
  private final boolean announced;
  private final PreparedStatement tick;
  private final PreparedStatement look;
  private long lookNanos;

  private TickSession(Session session, Complaints complaints)
      throws SQLException, NotReadyException {
    this.session = session;
    this.complaints = complaints;
    postgres = session.connection().unwrap(PGConnection.class);
    announced = checkReady(session.connection(), "pgq.tick_round(integer[])");
    execute("listen pgq_ticker_lead");
    tick = session.connection().prepareStatement(ROUND);
    look = session.connection().prepareStatement(LOOK);
  }

  static TickSession open(DataSource source, TickerConfig config, Complaints complaints)
      throws SQLException, NotReadyException {
    Session session = Session.forTicks(source, config);
    try {
      return new TickSession(session, complaints);
    } catch (SQLException | NotReadyException | RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Whether producers announce themselves when the flag is up. */
  boolean announced() {
    return announced;
  }

  /**
   * Whether producers announce themselves when the flag is up.
   *
   * @param function what is called, so that the schema has to have it
   * @throws NotReadyException if the database cannot be ticked yet
   */
  static boolean checkReady(Connection connection, String function)
      throws SQLException, NotReadyException {
    try (PreparedStatement statement = connection.prepareStatement(READY)) {
      statement.setString(1, function);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        if (row.getBoolean(1)) {
          throw new NotReadyException("the server is in recovery; waiting until it is promoted");
        }
        if (row.getBoolean(2)) {
          throw new NotReadyException(
              "the database has no pgq schema, or an older one; waiting for: pgq-admin install");
        }
        return !row.getBoolean(3);
      }
    }
  }

  /**
   * Tries to become the leader. What wakes a leader, and a standby, is listened for from here on.
   */
  boolean tryLead() throws SQLException {
    try (Statement statement = session.connection().createStatement();
        ResultSet row =
            statement.executeQuery("select pg_try_advisory_lock(" + LEADER_LOCK + ")")) {
      row.next();
      if (!row.getBoolean(1)) {
        return false;
      }
    }
    execute("listen pgq_ticker");
    return true;
  }

  /**
   * Ticks what is due.
   *
   * @param queues ids of the queues to look at; null: all
   */
  Round tick(Integer @Nullable [] queues) throws SQLException {
    tick.setArray(1, queues == null ? null : session.connection().createArrayOf("int4", queues));
    try (ResultSet row = tick.executeQuery()) {
      row.next();
      Round round =
          new Round(
              row.getInt(1),
              Set.of((Integer[]) row.getArray(2).getArray()),
              row.getBoolean(3),
              nanos(row, 4));
      Session.warnings(tick, complaints);
      return round;
    }
  }

  private static long nanos(ResultSet row, int column) throws SQLException {
    Duration time = seconds(row, column);
    return time == null ? 0 : time.toNanos();
  }

  /** What the last look cost the server. */
  long lookNanos() {
    return lookNanos;
  }

  /** Sets the flag, then looks. */
  Look look(boolean armed) throws SQLException {
    look.setBoolean(1, armed);
    try (ResultSet row = look.executeQuery()) {
      row.next();
      Look seen =
          new Look(0, row.getBoolean(1), row.getBoolean(2), seconds(row, 3), seconds(row, 4));
      lookNanos = nanos(row, 5);
      Session.warnings(look, complaints);
      return seen;
    }
  }

  static @Nullable Duration seconds(ResultSet row, int column) throws SQLException {
    BigDecimal seconds = row.getBigDecimal(column);
    return seconds == null ? null : Duration.ofNanos(seconds.movePointRight(9).longValue());
  }

  /** Sleeps until notified (true), until the time is over, or until told to stop. */
  boolean sleep(Duration atMost, BooleanSupplier stop) throws SQLException {
    long end = System.nanoTime() + atMost.toNanos();
    while (!stop.getAsBoolean()) {
      long millis = Duration.ofNanos(end - System.nanoTime()).plusNanos(999_999).toMillis();
      if (millis <= 0) {
        return false;
      }
      // 0 would wait for ever; 1 would not wait at all on the sockets of Databases, which take it
      // for
      // the driver's own look for more.
      int slice = (int) Math.min(Math.max(millis, 2), SLICE_MILLIS);
      PGNotification[] heard = postgres.getNotifications(slice);
      if (heard != null && heard.length > 0) {
        return true;
      }
    }
    return false;
  }

  /** For a leader that goes: a standby leads within milliseconds, and producers notify nobody. */
  void handOver() throws SQLException {
    execute(HAND_OVER);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      statement.execute(sql);
    }
  }

  void abort() {
    session.abort();
  }

  @Override
  public void close() {
    session.close();
  }
}
