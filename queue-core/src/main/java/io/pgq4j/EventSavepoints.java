package io.pgq4j;

import java.sql.Connection;
import java.sql.Statement;

/** Work on events in one transaction, in which each may fail alone. */
final class EventSavepoints {
  private static final String SAVEPOINT = "savepoint pgq4j_event";
  private static final String RELEASE = "release savepoint pgq4j_event";

  private EventSavepoints() {}

  /** The work on one event. */
  interface Work {
    void process(Event event, Connection connection) throws Exception;
  }

  /** What fails is undone and given to the batch as failed. */
  static void process(Iterable<Event> events, Batch batch, Connection connection, Work work)
      throws Exception {
    try (Statement statement = connection.createStatement()) {
      boolean open = false;
      for (Event event : events) {
        // One round trip an event: the last savepoint goes when the next one is set.
        statement.execute(open ? RELEASE + "; " + SAVEPOINT : SAVEPOINT);
        open = true;
        try {
          work.process(event, connection);
        } catch (InterruptedException e) {
          throw e;
        } catch (Exception | StackOverflowError | AssertionError e) {
          statement.execute("rollback to " + SAVEPOINT);
          batch.fail(event, e);
        }
      }
      if (open) {
        statement.execute(RELEASE);
      }
    }
  }
}
