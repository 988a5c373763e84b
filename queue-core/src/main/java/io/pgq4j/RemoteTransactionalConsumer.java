package io.pgq4j;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A consumer whose work is in another database than its queue, and happens there exactly once. The
 * work on some events, and a note in schema {@code pgq_ext} that they are done, are one transaction
 * over there; so when the batch comes again, because the process died before it was finished, they
 * are passed over. The schema is installed by {@code pgq-admin install --print-ext}; the names that
 * its notes go by are the consumer's and the queue's.
 *
 * <p>The connection is in a READ COMMITTED transaction. Do not commit, roll back or close it.
 */
public abstract class RemoteTransactionalConsumer extends Consumer {
  private static final Logger log = LoggerFactory.getLogger(RemoteTransactionalConsumer.class);
  private static final int EVENTS_PER_TRANSACTION = 500;

  private static final String DONE_BEFORE =
      "select e from unnest(?::bigint[]) e where pgq_ext.is_event_done(?, ?, ?, e)";

  private static final String SET_DONE =
      "select count(*) filter (where pgq_ext.set_event_done(?, ?, ?, e))"
          + " from unnest(?::bigint[]) e";

  private final SpareConnection target;

  /**
   * @param queue the queue's name
   * @param name the consumer's name; consumers with different names each get every event
   * @param target where the work is done; the consumer holds a connection of it until it stops
   */
  protected RemoteTransactionalConsumer(String queue, String name, DataSource target) {
    super(queue, name);
    this.target = new SpareConnection(target);
  }

  /**
   * A consumer whose queue and name are in the configuration, as {@code queue} and {@code
   * consumer}.
   *
   * @param target where the work is done; the consumer holds a connection of it until it stops
   * @throws IllegalArgumentException if one is missing or no name
   */
  protected RemoteTransactionalConsumer(Settings settings, DataSource target) {
    super(settings);
    this.target = new SpareConnection(target);
  }

  /**
   * Processes one event within a savepoint. An exception undoes what this call did, and no more,
   * and sends the event to the retry queue or the dead letters.
   */
  protected void process(Event event, Connection connection) throws Exception {
    throw new AbstractMethodError(
        getClass().getName() + " must override process(Event, Connection)");
  }

  /**
   * Processes several events at once, in one transaction, for consumers that are quicker so. Unless
   * overridden, does nothing and returns false: each goes to {@link #process(Event, Connection)}
   * then. So it does after an exception, which undoes what this call did; the bad ones are found.
   *
   * @param events in their order, at least two, at most {@value #EVENTS_PER_TRANSACTION}
   * @return whether they are done
   */
  protected boolean processAll(List<Event> events, Connection connection) throws Exception {
    return false;
  }

  /** Not to be overridden: see {@link #process(Event, Connection)}. */
  @Override
  protected final void process(Event event) {
    throw new AssertionError("a remote transactional consumer needs a connection");
  }

  /** Not to be overridden: see {@link #process(Event, Connection)} and {@link #processAll}. */
  @Override
  protected final void processBatch(Batch batch) throws Exception {
    target.run(connection -> transact(batch, connection));
  }

  /** The connection goes when its consumer stops. */
  @Override
  final void stopped() {
    target.close();
  }

  private void transact(Batch batch, Connection connection) throws Exception {
    List<Event> events = new ArrayList<>();
    for (Event event : batch) {
      events.add(event);
      if (events.size() == EVENTS_PER_TRANSACTION) {
        transact(batch, events, connection);
        events.clear();
      }
    }
    if (!events.isEmpty()) {
      transact(batch, events, connection);
    }
  }

  private void transact(Batch batch, List<Event> events, Connection connection) throws Exception {
    Set<Long> doneBefore = doneBefore(batch, events, connection);
    List<Event> left = events.stream().filter(event -> !doneBefore.contains(event.id())).toList();
    if (!left.isEmpty()) {
      setDone(batch, work(batch, left, connection), connection);
    }
    connection.commit();
  }

  /** Returns those that are done; the others were given to the batch. */
  private List<Event> work(Batch batch, List<Event> events, Connection connection)
      throws Exception {
    Connection guarded = GuardedConnection.of(connection);
    if (events.size() > 1 && together(batch, events, guarded)) {
      return events;
    }
    List<Event> done = new ArrayList<>();
    EventSavepoints.process(
        events,
        batch,
        guarded,
        (event, its) -> {
          process(event, its);
          done.add(event);
        });
    return done;
  }

  private boolean together(Batch batch, List<Event> events, Connection connection)
      throws Exception {
    Savepoint before = connection.setSavepoint();
    try {
      return processAll(events, connection);
    } catch (SQLException | QueueException e) {
      connection.rollback(before);
      log.warn(
          "queue {}, consumer {}, batch {}: {} events failed together, now one by one: {}",
          queue(),
          name(),
          batch.id(),
          events.size(),
          e.getMessage());
      return false;
    }
  }

  private Set<Long> doneBefore(Batch batch, List<Event> events, Connection connection)
      throws SQLException {
    Set<Long> done = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(DONE_BEFORE)) {
      statement.setArray(1, connection.createArrayOf("int8", ids(events)));
      statement.setString(2, name());
      statement.setString(3, queue());
      statement.setLong(4, batch.id());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          done.add(row.getLong(1));
        }
      }
    }
    return done;
  }

  private void setDone(Batch batch, List<Event> events, Connection connection) throws SQLException {
    if (events.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = connection.prepareStatement(SET_DONE)) {
      statement.setString(1, name());
      statement.setString(2, queue());
      statement.setLong(3, batch.id());
      statement.setArray(4, connection.createArrayOf("int8", ids(events)));
      if (QueueSession.queryLong(statement) != events.size()) {
        throw new SQLException(
            "another process has done events of batch " + batch.id() + " meanwhile", "40001");
      }
    }
  }

  private static Object[] ids(List<Event> events) {
    return events.stream().map(Event::id).toArray();
  }
}
