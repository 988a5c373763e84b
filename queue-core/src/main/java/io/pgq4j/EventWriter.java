package io.pgq4j;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Inserts events into one queue, on the caller's connection and in the caller's transaction: it
 * never commits and never touches autocommit. If the transaction is rolled back, there was no
 * event.
 *
 * <p>A failed insert aborts the caller's transaction as any failed statement does, except that text
 * that PostgreSQL cannot store (U+0000, a lone surrogate) is refused before anything is sent.
 * Thread-safe, as long as each thread uses a connection of its own.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class EventWriter {

  private EventWriter() {}

  /** A writer to the given queue. The queue is not looked for until the first insert. */
  public static EventWriter to(String queue) {
    Names.check("queue", queue);
    return new EventWriter();
  }

  /**
   * Inserts one event.
   *
   * @return the event's id
   * @throws NoSuchQueueException if there is no such queue
   * @throws InsertDisabledException if the queue takes no events
   * @throws BadArgumentException if a text cannot be stored
   */
  public long insert(Connection connection, @Nullable String type, @Nullable String data) {
    return insert(connection, NewEvent.of(type, data));
  }

  /** Inserts one event; as {@link #insert(Connection, String, String)}. */
  public long insert(Connection connection, NewEvent event) {
    throw new UnsupportedOperationException();
  }

  /**
   * Inserts any number of events in few round trips; the iterable is read in chunks, so it may be
   * longer than memory but for eight bytes each.
   *
   * @return the ids in the order of the events
   */
  public long[] insertAll(Connection connection, Iterable<NewEvent> events) {
    throw new UnsupportedOperationException();
  }
}
