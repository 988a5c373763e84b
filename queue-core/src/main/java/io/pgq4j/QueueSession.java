package io.pgq4j;

import io.pgq4j.internal.FetchSize;
import io.pgq4j.internal.SessionSettings;
import io.pgq4j.internal.Spool;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A consumer's connection: opens batches, reads them, finishes them. */
final class QueueSession implements AutoCloseable {
  private static final String CURSOR = "pgq4j_batch";

  /** As {@link #batch} reads them. */
  static final String BATCH = "batch_id, prev_tick_id, cur_tick_id, prev_tick_time, cur_tick_time";

  private static final String NEXT =
      "select "
          + BATCH
          + " from pgq.next_batch_custom(?, ?, make_interval(secs => ?), ?, make_interval(secs => ?))";

  /** How many event ids there are up to the last tick. */
  private static final String ALL_THERE_IS =
      "select least(max(t.tick_event_seq) - min(t.tick_event_seq), 2147483647)"
          + " from pgq.subscription s"
          + " join pgq.queue q on q.queue_id = s.sub_queue"
          + " join pgq.consumer c on c.co_id = s.sub_consumer"
          + " join pgq.tick t on t.tick_queue = s.sub_queue and t.tick_id >= s.sub_last_tick"
          + " where q.queue_name = ? and c.co_name = ?";

  private static final String FINISH_AND_NEXT =
      "select " + BATCH + ", finished" + " from pgq.finish_and_next(?)";

  private static final String NEXT_OF_MEMBER =
      "select "
          + BATCH
          + " from pgq_coop.next_batch_custom(i_queue_name => ?, i_consumer_name => ?,"
          + " i_min_lag => make_interval(secs => ?), i_min_count => ?,"
          + " i_min_interval => make_interval(secs => ?), i_subconsumer_name => ?,"
          + " i_dead_interval => make_interval(secs => ?))";

  /** As {@link #event} reads them. */
  static final String EVENT =
      "ev_id, ev_time, ev_txid, ev_retry, ev_type, ev_data, ev_extra1, ev_extra2, ev_extra3,"
          + " ev_extra4";

  private static final String READ =
      "select " + EVENT + " from pgq.get_batch_cursor(?, '" + CURSOR + "', ?, ?)";

  private final Consumer consumer;
  private final Connection connection;
  private final SessionSettings settings;
  private final PreparedStatement next;
  private final PreparedStatement finishAndNext;

  /** Null: batches end as the intake says. */
  private final @Nullable PreparedStatement allThereIs;

  private final PreparedStatement read;
  private final Statement fetch;
  private final BatchFinish finish;
  private final FetchSize fetchSize = new FetchSize();
  private final boolean takesEveryTick;
  private final boolean isMember;
  private final @Nullable Seat seat;

  /** The batch that the end of the last one has opened; it is still to be read. */
  private @Nullable BatchInfo opened;

  private boolean broken;

  private QueueSession(
      Consumer consumer,
      Connection connection,
      Intake intake,
      @Nullable Member member,
      @Nullable Seat seat)
      throws SQLException {
    this.consumer = consumer;
    this.seat = seat;
    this.connection = connection;
    this.isMember = member != null;
    this.settings = SessionSettings.pin(connection);
    this.next = connection.prepareStatement(member == null ? NEXT : NEXT_OF_MEMBER);
    next.setString(1, consumer.queue());
    next.setString(2, consumer.name());
    next.setObject(3, Intake.seconds(intake.minLag()), Types.DOUBLE);
    next.setObject(4, intake.minCount(), Types.INTEGER);
    next.setObject(5, Intake.seconds(intake.minInterval()), Types.DOUBLE);
    this.takesEveryTick = intake.takesEveryTick() && member == null;
    if (intake.pace() == null) {
      this.allThereIs = null;
    } else {
      this.allThereIs = connection.prepareStatement(ALL_THERE_IS);
      allThereIs.setString(1, consumer.queue());
      allThereIs.setString(2, consumer.name());
    }
    this.finishAndNext = connection.prepareStatement(FINISH_AND_NEXT);
    if (member != null) {
      next.setString(6, member.name());
      next.setDouble(7, member.deadAfterSeconds());
    }
    this.read = connection.prepareStatement(READ);
    read.setString(3, intake.condition(connection));
    this.fetch = connection.createStatement();
    this.finish = new BatchFinish(connection);
  }

  /**
   * @param member null: the consumer has its batches for itself
   * @param seat null: it reads them by itself
   */
  static QueueSession open(
      DataSource dataSource,
      Consumer consumer,
      Intake intake,
      @Nullable Member member,
      @Nullable Seat seat)
      throws SQLException {
    Connection connection = dataSource.getConnection();
    try {
      return new QueueSession(consumer, connection, intake, member, seat);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /** Registers the consumer. Returns false if it was registered before. */
  boolean register() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select pgq.register_consumer(?, ?)")) {
      statement.setString(1, consumer.queue());
      statement.setString(2, consumer.name());
      return queryLong(statement) == 1;
    }
  }

  /** A batch and its events, which the caller closes. */
  record Opened(BatchInfo info, Spool<Event> events) {}

  /**
   * Opens the next batch, or the one that is open, and reads it. One without events is finished at
   * once.
   *
   * @return empty if there is no batch yet
   */
  Optional<Opened> openBatch(long bufferSize)
      throws SQLException, IOException, InterruptedException {
    SharedBatches.Answer answer =
        seat == null || opened != null ? SharedBatches.Answer.ALONE : seat.next();
    List<Event> read = answer.events();
    Spool<Event> events = new Spool<>(EventCodec.INSTANCE, bufferSize);
    boolean kept = false;
    try {
      Optional<BatchInfo> info =
          read == null ? openBatch(events) : Optional.ofNullable(answer.batch());
      if (read != null) {
        events.addAll(read);
      }
      kept = info.isPresent();
      return info.map(found -> new Opened(found, events));
    } finally {
      if (!kept) {
        events.close();
      }
    }
  }

  private Optional<BatchInfo> openBatch(Spool<Event> events) throws SQLException, IOException {
    if (!isMember) {
      return inTransaction(() -> read(next(), events));
    }
    // Other members wait for the end of the transaction that hands out a batch.
    Optional<BatchInfo> info = next();
    return info.isEmpty() ? info : inTransaction(() -> read(info, events));
  }

  private Optional<BatchInfo> next() throws SQLException {
    BatchInfo info = opened;
    opened = null;
    if (info == null) {
      if (allThereIs != null) {
        next.setInt(4, (int) queryLong(allThereIs));
      }
      try (ResultSet row = next.executeQuery()) {
        row.next();
        info = batch(row);
      }
    }
    return Optional.ofNullable(info);
  }

  private Optional<BatchInfo> read(Optional<BatchInfo> info, Spool<Event> events)
      throws SQLException, IOException {
    if (info.isPresent()) {
      readEvents(info.get().id(), events);
      if (events.size() == 0) {
        finish.finish(info.get().id());
      }
    }
    return info;
  }

  /** The batch of a row that begins with {@link #BATCH}; null: it has none. */
  static @Nullable BatchInfo batch(ResultSet row) throws SQLException {
    long id = row.getLong(1);
    return row.wasNull()
        ? null
        : new BatchInfo(id, row.getLong(2), row.getLong(3), time(row, 4), time(row, 5));
  }

  private void readEvents(long batchId, Spool<Event> events) throws SQLException, IOException {
    int wanted = fetchSize.rows();
    read.setLong(1, batchId);
    read.setInt(2, wanted);
    boolean more;
    try (ResultSet rows = read.executeQuery()) {
      more = addAll(rows, events) == wanted;
    }
    while (more) {
      wanted = fetchSize.rows();
      try (ResultSet rows = fetch.executeQuery("fetch " + wanted + " from " + CURSOR)) {
        more = addAll(rows, events) == wanted;
      }
    }
  }

  /** The columns of {@link #READ}, which are those of the cursor, too. Returns how many rows. */
  private int addAll(ResultSet rows, Spool<Event> events) throws SQLException, IOException {
    int count = 0;
    long bytes = 0;
    while (rows.next()) {
      Event event = event(rows);
      count++;
      bytes += EventCodec.INSTANCE.weight(event);
      events.add(event);
    }
    fetchSize.fetched(count, bytes);
    return count;
  }

  /** The row at which a result with the columns of {@link #READ} stands. */
  static Event event(ResultSet row) throws SQLException {
    return new Event(
        row.getLong(1),
        row.getLong(3),
        time(row, 2),
        row.getInt(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10));
  }

  /**
   * Finishes a batch: its verdicts and its end, in one transaction. Without verdicts that
   * transaction opens the next batch as well; one that is then not read stays open, and is answered
   * again.
   *
   * @param goOn whether the next batch is wanted
   * @return whether the batch was still this consumer's; if not, nothing was changed
   */
  boolean finish(OpenBatch batch, boolean goOn)
      throws SQLException, IOException, InterruptedException {
    if (batch.verdicts().size() == 0) {
      if (goOn && seat != null && seat.finish(batch.id())) {
        return true;
      }
      boolean opens = goOn && takesEveryTick;
      return opens ? finishAndNext(batch.id()) : finish.finish(batch.id());
    }
    return inTransaction(
        () -> {
          boolean finished = finishWithin(batch);
          if (!finished) {
            connection.rollback();
          }
          return finished;
        });
  }

  private boolean finishAndNext(long batchId) throws SQLException {
    finishAndNext.setLong(1, batchId);
    try (ResultSet row = finishAndNext.executeQuery()) {
      row.next();
      opened = batch(row);
      return row.getInt("finished") == 1;
    }
  }

  /** As {@link #finish}, in the transaction that is open; the caller commits or rolls back. */
  boolean finishWithin(OpenBatch batch) throws SQLException, IOException {
    finish.pass(batch.id(), batch.verdicts());
    return finish.finish(batch.id());
  }

  /** Whether the batch is open. */
  boolean isOpen(long batchId) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select count(queue_name) from pgq.get_batch_info(?)")) {
      statement.setLong(1, batchId);
      return queryLong(statement) > 0;
    }
  }

  /** Something to do in a transaction. */
  interface Work<T, E extends Exception> {
    T run() throws SQLException, IOException, E;
  }

  /** Commits, or rolls back after any exception. */
  <T, E extends Exception> T inTransaction(Work<T, E> work) throws SQLException, IOException, E {
    connection.setAutoCommit(false);
    boolean committed = false;
    try {
      T result = work.run();
      connection.commit();
      committed = true;
      return result;
    } finally {
      if (!committed) {
        rollback();
      }
      if (!broken) {
        connection.setAutoCommit(true);
      }
    }
  }

  private void rollback() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      // The exception on its way tells the reason; the connection goes, and its transaction with
      // it.
      broken = true;
    }
  }

  /** Whether the connection is lost, as far as was noticed. */
  boolean isBroken() {
    return broken;
  }

  private static Instant time(ResultSet row, int column) throws SQLException {
    return Objects.requireNonNull(row.getObject(column, OffsetDateTime.class)).toInstant();
  }

  static long queryLong(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Gives the connection back as it was. */
  @Override
  public void close() throws SQLException {
    try {
      if (!broken) {
        next.close();
        finishAndNext.close();
        if (allThereIs != null) {
          allThereIs.close();
        }
        read.close();
        fetch.close();
        finish.close();
        settings.restore();
      }
    } finally {
      connection.close();
    }
  }
}
