package io.pgq4j;

import java.sql.Connection;

/**
 * A consumer whose work is in the queue's own database and happens exactly once: the work, the
 * retries and the finish of the batch are one transaction. If anything fails, or another session
 * took the batch over, all of it is rolled back and nothing is left half done.
 *
 * <p>The connection is in a READ COMMITTED transaction. Do not commit, roll back or close it; use
 * savepoints of your own where needed.
 */
public abstract class TransactionalConsumer extends Consumer {
  /**
   * @param queue the queue's name
   * @param name the consumer's name; consumers with different names each get every event
   */
  protected TransactionalConsumer(String queue, String name) {
    super(queue, name);
  }

  /**
   * A consumer whose queue and name are in the configuration, as {@code queue} and {@code
   * consumer}.
   *
   * @throws IllegalArgumentException if one is missing or no name
   */
  protected TransactionalConsumer(Settings settings) {
    super(settings);
  }

  /**
   * Processes one event within a savepoint. An exception undoes what this call did, and no more,
   * and sends the event to the retry queue or the dead letters.
   */
  protected void process(Event event, Connection connection) throws Exception {
    throw new AbstractMethodError(
        getClass().getName()
            + " must override process(Event, Connection) or processBatch(Batch, Connection)");
  }

  /**
   * Processes a batch; unless overridden, gives each event to {@link #process(Event, Connection)}
   * within a savepoint of its own. An exception rolls everything back, and the batch comes again.
   */
  protected void processBatch(Batch batch, Connection connection) throws Exception {
    EventSavepoints.process(batch, batch, connection, this::process);
  }

  /** Not used: see {@link #process(Event, Connection)}. */
  @Override
  protected final void process(Event event) {
    throw new AssertionError("a transactional consumer needs a connection");
  }

  /** Not used: see {@link #processBatch(Batch, Connection)}. */
  @Override
  protected final void processBatch(Batch batch) {
    throw new AssertionError("a transactional consumer needs a connection");
  }
}
