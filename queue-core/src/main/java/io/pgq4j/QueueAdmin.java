package io.pgq4j;

import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/**
 * Creates, configures and looks at queues and consumers. One made by {@link #of(DataSource)} does
 * each call on a connection and in a transaction of its own and is thread-safe; one made by {@link
 * #on(Connection)} works in the caller's transaction, never commits, and belongs to the caller's
 * thread.
 *
 * <p>Every method throws a {@link QueueException} when the database refuses.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class QueueAdmin {

  private QueueAdmin() {}

  /** An admin whose calls each have a connection and a transaction of their own. */
  public static QueueAdmin of(DataSource dataSource) {
    return new QueueAdmin();
  }

  /** An admin on the caller's connection, in the caller's transaction. */
  public static QueueAdmin on(Connection connection) {
    return new QueueAdmin();
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
    throw new UnsupportedOperationException();
  }

  /**
   * Drops a queue with its events.
   *
   * @param force also if consumers are registered
   * @return true
   * @throws NoSuchQueueException if there is no such queue
   */
  public boolean dropQueue(String queue, boolean force) {
    throw new UnsupportedOperationException();
  }

  /**
   * Changes settings, all or none, such as {@code ticker_max_lag}, {@code rotation_period}.
   *
   * @throws BadArgumentException if there is no such setting, or its value is none
   */
  public void configure(String queue, Map<String, String> settings) {
    throw new UnsupportedOperationException();
  }

  /** Registers a consumer at the queue's last tick. Returns false if it was registered before. */
  public boolean register(String queue, String consumer) {
    throw new UnsupportedOperationException();
  }

  /** Removes a consumer with its retries. Returns false if it was not registered. */
  public boolean unregister(String queue, String consumer) {
    throw new UnsupportedOperationException();
  }

  /**
   * Has the changes of a table's rows written to a queue from now on.
   *
   * @throws NoSuchTableException if there is no such table
   * @throws BadArgumentException if the options do not fit the table
   */
  public void watchTable(Watch watch) {
    throw new UnsupportedOperationException();
  }

  /**
   * Ends {@link #watchTable}.
   *
   * @param table its name, quoted as in SQL
   * @return how many triggers were removed
   * @throws NoSuchTableException if there is no such table
   */
  public int unwatchTable(String table, String queue) {
    throw new UnsupportedOperationException();
  }

  /**
   * Ticks a queue now, due or not. Needed by tests and by hand; otherwise the ticker's work.
   *
   * @return the id of the tick; empty if there was none to make
   */
  public OptionalLong tick(String queue) {
    throw new UnsupportedOperationException();
  }

  /** Ticks every queue that is due. Returns how many were. */
  public long tickAll() {
    throw new UnsupportedOperationException();
  }

  /** All queues, by name. */
  public List<QueueInfo> queues() {
    throw new UnsupportedOperationException();
  }

  /** One queue; empty if there is no such queue. */
  public Optional<QueueInfo> queue(String queue) {
    throw new UnsupportedOperationException();
  }

  /** All consumers of all queues, by queue and name. */
  public List<ConsumerInfo> consumers() {
    throw new UnsupportedOperationException();
  }

  /**
   * The consumers of a queue, by name.
   *
   * @throws NoSuchQueueException if there is no such queue
   */
  public List<ConsumerInfo> consumers(String queue) {
    throw new UnsupportedOperationException();
  }
}
