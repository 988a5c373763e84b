package io.pgq4j;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A consumer that follows its queue in another database, batch by batch: the work on a batch, and a
 * note of the tick where it ends, are one transaction over there. So that database is always as it
 * was here at a tick, and the same batch is not done twice. For work whose order matters; where
 * events may fail and come later, see {@link RemoteTransactionalConsumer}.
 *
 * <p>The note is in schema {@code pgq_ext} ({@code pgq_ext.get_last_tick}), under the names of the
 * consumer and the queue. The schema is installed by {@code pgq-admin install --print-ext}.
 *
 * <p>The connection is in a READ COMMITTED transaction. Do not commit, roll back or close it. Two
 * transactions of the same consumer wait for each other.
 */
public abstract class RemoteBatchConsumer extends Consumer {
  private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended(?, 7171))";
  private static final String LAST_TICK = "select pgq_ext.get_last_tick(?, ?)";
  private static final String SET_LAST_TICK = "select pgq_ext.set_last_tick(?, ?, ?)";

  private final SpareConnection target;

  /**
   * @param queue the queue's name
   * @param name the consumer's name; consumers with different names each get every event
   * @param target where the work is done; the consumer holds a connection of it until it stops
   */
  protected RemoteBatchConsumer(String queue, String name, DataSource target) {
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
  protected RemoteBatchConsumer(Settings settings, DataSource target) {
    super(settings);
    this.target = new SpareConnection(target);
  }

  /**
   * Processes a batch. An exception rolls everything back, and the batch comes again after a pause;
   * the consumer does not go on without it.
   */
  protected abstract void processBatch(Batch batch, Connection connection) throws Exception;

  /** What to do with the rows of a bootstrap. */
  protected interface Loader {
    /** Takes away what was there before. */
    void clear(Connection connection) throws Exception;

    /** Adds some rows. */
    void load(List<Event> rows, Connection connection) throws Exception;
  }

  /**
   * Loads the rows that tables hold now, in one transaction, after which this consumer goes on with
   * the changes: see {@link Bootstrap#run}. The consumer may be running; a batch that it has in
   * hand is not done after this.
   *
   * @param source the database of the queue
   * @return how many rows there were
   */
  protected final long bootstrap(DataSource source, List<String> tables, Loader loader)
      throws Exception {
    long[] rows = new long[1];
    target.run(
        connection -> {
          Connection guarded = GuardedConnection.of(connection);
          lock(connection);
          loader.clear(guarded);
          rows[0] =
              Bootstrap.of(source, queue(), name())
                  .run(
                      tables,
                      new Bootstrap.Handler<Exception>() {
                        @Override
                        public void handle(List<Event> some) throws Exception {
                          loader.load(some, guarded);
                        }

                        @Override
                        public void end(long tick) throws SQLException {
                          commit(connection, tick);
                        }
                      });
        });
    return rows[0];
  }

  /** Not to be overridden: see {@link #processBatch(Batch, Connection)}. */
  @Override
  protected final void process(Event event) {
    throw new AssertionError("a remote batch consumer needs a connection");
  }

  /** Not to be overridden: see {@link #processBatch(Batch, Connection)}. */
  @Override
  protected final void processBatch(Batch batch) throws Exception {
    target.run(
        connection -> {
          lock(connection);
          Long last = lastTick(connection);
          if (last != null && last == batch.tick()) {
            batch.skipRest();
            connection.commit();
            return;
          }
          checkFollows(batch, last);
          processBatch(batch, GuardedConnection.of(connection));
          commit(connection, batch.tick());
        });
  }

  private void checkFollows(Batch batch, @Nullable Long last) {
    if (last != null && last > batch.previousTick()) {
      throw new IllegalStateException(
          "batch %d begins at tick %d, but the other database is at tick %d already: the consumer was moved back, or the queue restored; bootstrap it anew, or let it repeat events: select pgq_ext.set_last_tick(consumer, queue, null)"
              .formatted(batch.id(), batch.previousTick(), last));
    }
  }

  /** Whoever comes second sees the tick that the first has noted. */
  private void lock(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
      statement.setString(1, queue() + "\n" + name());
      statement.execute();
    }
  }

  private @Nullable Long lastTick(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LAST_TICK)) {
      statement.setString(1, name());
      statement.setString(2, queue());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getObject(1, Long.class);
      }
    }
  }

  private void commit(Connection connection, long tick) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(SET_LAST_TICK)) {
      statement.setString(1, name());
      statement.setString(2, queue());
      statement.setLong(3, tick);
      statement.execute();
    }
    connection.commit();
  }

  /** The connection goes when its consumer stops. */
  @Override
  final void stopped() {
    target.close();
  }
}
