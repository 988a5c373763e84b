package io.pgq4j;

import io.pgq4j.internal.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/**
 * Creates, configures and looks at queues and consumers. One made by {@link #of(DataSource)} does
 * each call on a connection and in a transaction of its own and is thread-safe; one made by {@link
 * #on(Connection)} works in the caller's transaction and belongs to the caller's thread; if the
 * connection is in autocommit mode, each call is a transaction of its own.
 *
 * <p>Every method throws a {@link QueueException} when the database refuses.
 */
public final class QueueAdmin {
  /** How many dead letters a call of the database moves. */
  private static final int PIECE = 10_000;

  private final Connections connections;

  private QueueAdmin(Connections connections) {
    this.connections = connections;
  }

  /** An admin whose calls each have a connection and a transaction of their own. */
  public static QueueAdmin of(DataSource dataSource) {
    return new QueueAdmin(Connections.of(dataSource));
  }

  /** An admin on the caller's connection, in the caller's transaction. */
  public static QueueAdmin on(Connection connection) {
    return new QueueAdmin(Connections.on(connection));
  }

  /** Creates a queue with default settings. Returns false if it exists. */
  public boolean createQueue(String queue) {
    return createQueue(queue, Map.of());
  }

  /**
   * Creates a queue with the given settings, both or nothing. Returns false if it exists; its
   * settings are then changed all the same.
   *
   * @throws BadArgumentException if there is no such setting, or its value is none
   */
  public boolean createQueue(String queue, Map<String, String> settings) {
    return run(
        Where.queue(queue),
        connection -> {
          boolean created = call(connection, "select pgq.create_queue(?)", queue) == 1;
          configure(connection, queue, settings);
          return created;
        });
  }

  /**
   * Drops a queue with its events.
   *
   * @param force also if consumers are registered
   * @return true
   * @throws NoSuchQueueException if there is no such queue
   */
  public boolean dropQueue(String queue, boolean force) {
    return run(
        Where.queue(queue),
        connection -> call(connection, "select pgq.drop_queue(?, ?)", queue, force) == 1);
  }

  /**
   * Changes settings, all or none, such as {@code ticker_max_lag}, {@code rotation_period}.
   *
   * @throws BadArgumentException if there is no such setting, or its value is none
   */
  public void configure(String queue, Map<String, String> settings) {
    run(
        Where.queue(queue),
        connection -> {
          configure(connection, queue, settings);
          return true;
        });
  }

  /** Registers a consumer at the queue's last tick. Returns false if it was registered before. */
  public boolean register(String queue, String consumer) {
    return run(
        Where.consumer(queue, consumer),
        connection -> call(connection, "select pgq.register_consumer(?, ?)", queue, consumer) == 1);
  }

  /**
   * Registers a consumer from a time on that lies back. Returns false if it was registered before;
   * it then stays where it is.
   *
   * @param since events committed since then, and up to a minute before; {@link Instant#MIN}: all
   *     that are kept
   * @throws BadArgumentException if events since then are gone
   */
  public boolean register(String queue, String consumer, Instant since) {
    return run(
        Where.consumer(queue, consumer),
        connection ->
            call(
                    connection,
                    "select pgq.register_consumer_since(?, ?, cast(? as timestamptz))",
                    queue,
                    consumer,
                    timestamp(since))
                == 1);
  }

  /**
   * Moves a consumer to a tick: from there it gets all events again, or passes over those before. A
   * batch that it has open is abandoned, and cannot be finished any more. Its retries stay.
   *
   * @throws NoSuchConsumerException if it is not registered
   * @throws BadArgumentException if there is no such tick, or events after it are gone
   */
  public void seek(String queue, String consumer, long tick) {
    run(
        Where.consumer(queue, consumer),
        connection -> call(connection, "select pgq.seek(?, ?, ?)", queue, consumer, tick));
  }

  /**
   * Moves a consumer to the last tick before a time; otherwise as {@link #seek(String, String,
   * long)}. So it may get events of up to a minute before, too.
   *
   * @param time {@link Instant#MIN}: all that is kept; {@link Instant#MAX}: nothing but what comes
   * @return the tick
   * @throws BadArgumentException if events since then are gone
   */
  public long seek(String queue, String consumer, Instant time) {
    return run(
        Where.consumer(queue, consumer),
        connection ->
            call(
                connection,
                "select pgq.seek(?, ?, cast(? as timestamptz))",
                queue,
                consumer,
                timestamp(time)));
  }

  private static String timestamp(Instant time) {
    if (time.equals(Instant.MIN)) {
      return "-infinity";
    }
    return time.equals(Instant.MAX) ? "infinity" : time.toString();
  }

  /** Ticks a queue no more until it is resumed. Returns false if it was paused before. */
  public boolean pauseQueue(String queue) {
    return run(
        Where.queue(queue),
        connection -> call(connection, "select pgq.pause_queue(?)", queue) == 1);
  }

  /** Ends {@link #pauseQueue}. Returns false if it was not paused. */
  public boolean resumeQueue(String queue) {
    return run(
        Where.queue(queue),
        connection -> call(connection, "select pgq.resume_queue(?)", queue) == 1);
  }

  /**
   * Gives a consumer no more batches until it is resumed; one that it has open may be finished.
   * Returns false if it was paused before.
   *
   * @throws NoSuchConsumerException if it is not registered
   */
  public boolean pauseConsumer(String queue, String consumer) {
    return run(
        Where.consumer(queue, consumer),
        connection -> call(connection, "select pgq.pause_consumer(?, ?)", queue, consumer) == 1);
  }

  /**
   * Ends {@link #pauseConsumer}. Returns false if it was not paused.
   *
   * @throws NoSuchConsumerException if it is not registered
   * @throws BadArgumentException if it is in the midst of a {@link Bootstrap}
   */
  public boolean resumeConsumer(String queue, String consumer) {
    return run(
        Where.consumer(queue, consumer),
        connection -> call(connection, "select pgq.resume_consumer(?, ?)", queue, consumer) == 1);
  }

  /** Removes a consumer with its retries. Returns false if it was not registered. */
  public boolean unregister(String queue, String consumer) {
    return run(
        Where.consumer(queue, consumer),
        connection ->
            call(connection, "select pgq.unregister_consumer(?, ?)", queue, consumer) > 0);
  }

  /**
   * Gives a role a right on this queue alone. The first grant in a database has all queues look at
   * the rights of the session's role, and waits two seconds for open producers.
   *
   * @param role its name as it is, not quoted
   */
  public void grant(String queue, String role, QueueRight right) {
    run(
        Where.queue(queue),
        connection ->
            call(connection, "select pgq.grant_queue(?, ?, ?)", queue, role, lowerCase(right)));
  }

  /** Takes back what {@link #grant} gave. */
  public void revoke(String queue, String role, QueueRight right) {
    run(
        Where.queue(queue),
        connection ->
            call(connection, "select pgq.revoke_queue(?, ?, ?)", queue, role, lowerCase(right)));
  }

  private static String lowerCase(QueueRight right) {
    return right.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Has the changes of a table's rows written to a queue from now on.
   *
   * @throws NoSuchTableException if there is no such table
   * @throws BadArgumentException if the options do not fit the table
   */
  public void watchTable(Watch watch) {
    run(
        Where.queue(watch.queue()),
        connection ->
            call(
                connection,
                "select pgq.watch_table(?::oid::regclass, ?, ?::jsonb)",
                table(connection, watch.table()),
                watch.queue(),
                Json.write(watch.options())));
  }

  /**
   * Ends {@link #watchTable}.
   *
   * @param table its name, quoted as in SQL
   * @return how many triggers were removed
   * @throws NoSuchTableException if there is no such table
   */
  public int unwatchTable(String table, String queue) {
    return run(
        Where.queue(queue),
        connection ->
            (int)
                call(
                    connection,
                    "select pgq.unwatch_table(?::oid::regclass, ?)",
                    table(connection, table),
                    queue));
  }

  /**
   * Ticks a queue now, due or not. Needed by tests and by hand; otherwise the ticker's work.
   *
   * @return the id of the tick; empty if there was none to make
   */
  public OptionalLong tick(String queue) {
    return run(
        Where.queue(queue),
        connection -> {
          OptionalLong tick = tickIfDue(connection, queue);
          if (tick.isEmpty()) {
            call(connection, "select pgq.force_tick(?)", queue);
            tick = tickIfDue(connection, queue);
          }
          return tick;
        });
  }

  private static OptionalLong tickIfDue(Connection connection, String queue) throws SQLException {
    try (PreparedStatement statement = prepare(connection, "select pgq.ticker(?)", queue)) {
      return optionalLong(statement);
    }
  }

  /** Ticks every queue that is due. Returns how many were. */
  public long tickAll() {
    return run(Where.UNKNOWN, connection -> call(connection, "select pgq.ticker()"));
  }

  /** All queues, by name. */
  public List<QueueInfo> queues() {
    return run(Where.UNKNOWN, connection -> new InfoQueries(connection).queues(null));
  }

  /** One queue; empty if there is no such queue. */
  public Optional<QueueInfo> queue(String queue) {
    return run(
        Where.queue(queue),
        connection -> new InfoQueries(connection).queues(queue).stream().findFirst());
  }

  /** All consumers of all queues, by queue and name. */
  public List<ConsumerInfo> consumers() {
    return run(Where.UNKNOWN, connection -> new InfoQueries(connection).consumers(null));
  }

  /** Who runs which consumer of which queue, by queue and name. */
  public List<ConsumerRun> consumerRuns() {
    return run(Where.UNKNOWN, connection -> new InfoQueries(connection).runs(null));
  }

  /** Who runs the consumers of a queue, by name. */
  public List<ConsumerRun> consumerRuns(String queue) {
    return run(Where.queue(queue), connection -> new InfoQueries(connection).runs(queue));
  }

  /**
   * The consumers of a queue, by name.
   *
   * @throws NoSuchQueueException if there is no such queue
   */
  public List<ConsumerInfo> consumers(String queue) {
    return run(
        Where.queue(queue),
        connection -> {
          InfoQueries queries = new InfoQueries(connection);
          List<ConsumerInfo> consumers = queries.consumers(queue);
          if (consumers.isEmpty() && queries.queues(queue).isEmpty()) {
            throw new NoSuchQueueException(
                "there is no queue \"" + queue + "\": create it, or list those there are.",
                null,
                Where.queue(queue));
          }
          return consumers;
        });
  }

  /**
   * The events that a consumer gave up, by id: a page of them.
   *
   * @param consumer need not be registered any more
   * @param after only those with a higher id; 0: from the first
   * @param limit how many at most
   * @throws NoSuchQueueException if there is no such queue
   * @throws NoSuchConsumerException if there never was such a consumer
   */
  public List<DeadLetter> deadLetters(String queue, String consumer, long after, int limit) {
    return run(
        Where.consumer(queue, consumer),
        connection -> DeadLetterQueries.page(connection, queue, consumer, after, limit));
  }

  /**
   * Sends one dead letter back to the consumer that gave it up, and to no other. Its attempts are
   * counted anew.
   *
   * @return false if there is none for this event
   * @throws NoSuchConsumerException if the consumer is not registered
   */
  public boolean requeueDeadLetter(String queue, String consumer, long eventId) {
    return run(
        Where.consumer(queue, consumer),
        connection ->
            call(connection, "select pgq.dead_requeue(?, ?, ?)", queue, consumer, eventId) == 1);
  }

  /**
   * Sends all dead letters back to the consumer that gave them up, as {@link #requeueDeadLetter};
   * at most {@value #PIECE} in one transaction, if they are this admin's own.
   *
   * @return how many were sent back; what another call at the same time sends is counted there
   */
  public long requeueDeadLetters(String queue, String consumer) {
    return inPieces(queue, consumer, "select pgq.dead_requeue(?, ?)", queue, consumer);
  }

  /**
   * Deletes dead letters for good, at most {@value #PIECE} in one transaction.
   *
   * @param consumer need not be registered any more
   * @param olderThan those that were given up longer ago than this; zero: all
   * @return how many were deleted
   */
  public long purgeDeadLetters(String queue, String consumer, Duration olderThan) {
    return inPieces(
        queue,
        consumer,
        "select pgq.dead_purge(?, ?, make_interval(secs => ?))",
        queue,
        consumer,
        (double) olderThan.toSeconds());
  }

  /** Ends after a piece that is not full: new ones may keep coming while this goes on. */
  private long inPieces(String queue, String consumer, String sql, Object... arguments) {
    long all = 0;
    long piece;
    do {
      piece = run(Where.consumer(queue, consumer), connection -> call(connection, sql, arguments));
      all += piece;
    } while (piece == PIECE);
    return all;
  }

  private <T> T run(Where where, Connections.Work<T> work) {
    try {
      return connections.run(work);
    } catch (SQLException e) {
      throw QueueException.of(e, where);
    }
  }

  private static void configure(Connection connection, String queue, Map<String, String> settings)
      throws SQLException {
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      call(
          connection,
          "select pgq.set_queue_config(?, ?, ?)",
          queue,
          setting.getKey(),
          setting.getValue());
    }
  }

  /** The table's oid. The server reads the name, so it is quoted, folded and searched as in SQL. */
  static long table(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        prepare(connection, "select to_regclass(?)::oid::bigint", name)) {
      return optionalLong(statement)
          .orElseThrow(
              () ->
                  new NoSuchTableException(
                      "there is no table "
                          + name
                          + ": give its schema too, and quote it as in SQL.",
                      null,
                      Where.UNKNOWN));
    }
  }

  private static long call(Connection connection, String sql, Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = prepare(connection, sql, arguments)) {
      return optionalLong(statement).orElse(0);
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql, Object... arguments)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < arguments.length; i++) {
      statement.setObject(i + 1, arguments[i]);
    }
    return statement;
  }

  private static OptionalLong optionalLong(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      long value = row.getLong(1);
      return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }
  }
}
