package io.pgq4j;

import io.pgq4j.internal.FetchSize;
import io.pgq4j.internal.SessionSettings;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Gives a consumer the rows that watched tables hold now, before it gets their changes: no row and
 * no change is missing, and no row shows a change that comes as an event, too.
 *
 * <p>The rows come as events of type {@code SNAPSHOT}, with the data as {@code watch_table} sends
 * it; their id and transaction are 0. They are read in the snapshot of the tick after which the
 * consumer goes on. Until all are handled, the consumer waits, and is shown as waiting. If that
 * fails or the program dies, run the bootstrap again: it begins anew, with the rows as they are
 * then.
 *
 * <p>It takes two connections at once for a moment, then one, whose transaction stays open until
 * the last row is handled.
 */
public final class Bootstrap {
  private static final String CURSOR = "pgq4j_bootstrap";

  /**
   * Handles rows.
   *
   * @param <E> what it may throw
   */
  @FunctionalInterface
  public interface Handler<E extends Exception> {
    /** Handles some rows: about a megabyte of them. An exception ends the bootstrap. */
    void handle(List<Event> rows) throws E;

    /**
     * All rows were handled; after this the consumer goes on. An exception ends the bootstrap.
     *
     * @param tick the tick of whose snapshot the rows are
     */
    default void end(long tick) throws E {}
  }

  private final DataSource dataSource;
  private final String queue;
  private final String consumer;

  private Bootstrap(DataSource dataSource, String queue, String consumer) {
    this.dataSource = dataSource;
    this.queue = Names.check("queue", queue);
    this.consumer = Names.check("consumer", consumer);
  }

  /** A bootstrap of a consumer, registered or not. */
  public static Bootstrap of(DataSource dataSource, String queue, String consumer) {
    return new Bootstrap(dataSource, queue, consumer);
  }

  /**
   * Reads the tables, one after the other, and lets the consumer go on. A batch that the consumer
   * has open is abandoned, its retries are dropped. Rows that row-level security would hide are an
   * error. The `where` of a watch runs with the rights of the connection's user, who must be
   * allowed to read the tables.
   *
   * @param tables names, quoted as in SQL, of tables that are watched for the queue
   * @return how many rows were handled
   * @throws NoSuchQueueException if there is no such queue
   * @throws NoSuchTableException if there is no such table
   * @throws BadArgumentException if a table is not watched for the queue, or somebody else began
   *     another bootstrap of this consumer meanwhile
   */
  public <E extends Exception> long run(List<String> tables, Handler<E> handler) throws E {
    try (Connection reading = dataSource.getConnection()) {
      SessionSettings settings = SessionSettings.pin(reading);
      try {
        long tick = start(reading);
        long rows = 0;
        for (String table : tables) {
          rows += read(reading, table, handler);
        }
        reading.commit();
        handler.end(tick);
        reading.setAutoCommit(true);
        finish(reading, tick);
        return rows;
      } finally {
        settings.restore();
      }
    } catch (SQLException e) {
      throw QueueException.of(e, Where.consumer(queue, consumer));
    }
  }

  /** Begins the reader's transaction in the snapshot of a new tick; the tick. */
  private long start(Connection reading) throws SQLException {
    try (Connection starting = dataSource.getConnection()) {
      SessionSettings settings = SessionSettings.pin(starting);
      starting.setAutoCommit(false);
      try (PreparedStatement statement =
          starting.prepareStatement("select * from pgq.bootstrap_start(?, ?)")) {
        statement.setString(1, queue);
        statement.setString(2, consumer);
        try (ResultSet row = statement.executeQuery();
            Statement share = reading.createStatement()) {
          row.next();
          reading.setAutoCommit(false);
          share.execute("set transaction isolation level repeatable read");
          share.execute("set transaction snapshot '" + row.getString(2) + "'");
          share.execute("set local row_security = off");
          starting.commit();
          return row.getLong(1);
        }
      } finally {
        settings.restore();
      }
    }
  }

  private <E extends Exception> long read(Connection reading, String table, Handler<E> handler)
      throws SQLException, E {
    FetchSize fetchSize = new FetchSize();
    long total = 0;
    try (Statement statement = reading.createStatement()) {
      statement.execute("declare " + CURSOR + " no scroll cursor for " + query(reading, table));
      List<Event> rows = new ArrayList<>();
      do {
        rows.clear();
        long bytes = 0;
        try (ResultSet row =
            statement.executeQuery("fetch " + fetchSize.rows() + " from " + CURSOR)) {
          while (row.next()) {
            Event event = QueueSession.event(row);
            rows.add(event);
            bytes += EventCodec.INSTANCE.weight(event);
          }
        }
        fetchSize.fetched(rows.size(), bytes);
        total += rows.size();
        if (!rows.isEmpty()) {
          handler.handle(List.copyOf(rows));
        }
      } while (!rows.isEmpty());
      statement.execute("close " + CURSOR);
    }
    return total;
  }

  private String query(Connection reading, String table) throws SQLException {
    try (PreparedStatement statement =
        reading.prepareStatement("select pgq.bootstrap_sql(?::oid::regclass, ?)")) {
      statement.setLong(1, QueueAdmin.table(reading, table));
      statement.setString(2, queue);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private void finish(Connection connection, long tick) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select pgq.bootstrap_finish(?, ?, ?)")) {
      statement.setString(1, queue);
      statement.setString(2, consumer);
      statement.setLong(3, tick);
      statement.execute();
    }
  }
}
