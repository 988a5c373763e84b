package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * One session of the database, with the verbs of the queue. What it does goes on in the test's
 * thread, except for {@link #start}: that runs beside it, so that two sessions can wait for each
 * other.
 */
final class Session implements AutoCloseable {

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Connection connection;
  private final Connection observer;

  /** The observer is another session, which sees whether this one waits. */
  Session(Connection connection, Connection observer) {
    this.connection = connection;
    this.observer = observer;
  }

  Session begin() throws SQLException {
    return begin("read committed");
  }

  Session begin(String isolation) throws SQLException {
    run("begin isolation level " + isolation);
    return this;
  }

  /** Begins, and fixes the transaction's snapshot. */
  Session beginWithSnapshot(String isolation) throws SQLException {
    begin(isolation).run("select 1");
    return this;
  }

  void commit() throws SQLException {
    run("commit");
  }

  void rollback() throws SQLException {
    run("rollback");
  }

  void run(String sql, @Nullable Object... args) throws SQLException {
    rows(sql, args);
  }

  /** The rows as text, their columns separated by {@code |}; null is empty. */
  List<String> rows(String sql, @Nullable Object... args) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < args.length; i++) {
        statement.setObject(i + 1, args[i]);
      }
      List<String> rows = new ArrayList<>();
      boolean isQuery = statement.execute();
      while (isQuery || statement.getUpdateCount() >= 0) {
        rows.clear();
        if (isQuery) {
          read(statement.getResultSet(), rows);
        }
        isQuery = statement.getMoreResults();
      }
      return rows;
    }
  }

  private static void read(ResultSet result, List<String> rows) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    while (result.next()) {
      StringJoiner row = new StringJoiner("|");
      for (int i = 1; i <= columns; i++) {
        row.add(Objects.requireNonNullElse(result.getString(i), ""));
      }
      rows.add(row.toString());
    }
  }

  /** The only row as text, as {@link #rows} gives it; empty when there is none. */
  String text(String sql, @Nullable Object... args) throws SQLException {
    List<String> rows = rows(sql, args);
    assertThat(rows).hasSizeLessThan(2);
    return rows.isEmpty() ? "" : rows.get(0);
  }

  long number(String sql, @Nullable Object... args) throws SQLException {
    return Long.parseLong(text(sql, args));
  }

  boolean truth(String sql, @Nullable Object... args) throws SQLException {
    return text(sql, args).equals("t");
  }

  /** Expects that a statement fails with this SQLSTATE. */
  void fails(String state, String sql, @Nullable Object... args) {
    failsWith(state, () -> run(sql, args));
  }

  static void failsWith(String state, ThrowingCallable call) {
    assertThatThrownBy(call)
        .asInstanceOf(type(SQLException.class))
        .satisfies(e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(state));
  }

  /** COPY … FROM STDIN into a table, which may name its columns. */
  void copy(String table, String rows) throws SQLException, IOException {
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("copy " + table + " from stdin", new StringReader(rows));
  }

  /** Starts a statement without waiting for it. */
  Running start(String sql, @Nullable Object... args) {
    return new Running(thread.submit(() -> text(sql, args)), this);
  }

  int pid() throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID();
  }

  Array array(String type, @Nullable Object... elements) throws SQLException {
    return connection.createArrayOf(type, elements);
  }

  /** Channel and payload of what was notified to this session since the last call. */
  List<String> notifications() throws SQLException {
    run("select 1"); // the server sends them between two transactions
    return Arrays.stream(connection.unwrap(PGConnection.class).getNotifications(1))
        .map(one -> one.getName() + "|" + one.getParameter())
        .toList();
  }

  /** The SQLSTATE of the warning that a statement raised; empty: none. */
  String warning(String sql, @Nullable Object... args) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < args.length; i++) {
        statement.setObject(i + 1, args[i]);
      }
      statement.execute();
      SQLWarning warning = statement.getWarnings();
      return warning == null ? "" : warning.getSQLState();
    }
  }

  boolean isBlocked() throws SQLException {
    try (PreparedStatement statement =
        observer.prepareStatement("select cardinality(pg_blocking_pids(?)) > 0")) {
      statement.setInt(1, pid());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  // The verbs of the queue.

  long insert(String queue, String data) throws SQLException {
    return number("select pgq.insert_event(?, 'type', ?)", queue, data);
  }

  /** Ticks the queue; fails when it is not due. */
  long tick(String queue) throws SQLException {
    String tick = text("select pgq.ticker(?)", queue);
    assertThat(tick).as("tick of %s", queue).isNotEmpty();
    return Long.parseLong(tick);
  }

  /** Ticks the queue whether events wait or not. */
  long forceTick(String queue) throws SQLException {
    run("select pgq.force_tick(?)", queue);
    return tick(queue);
  }

  boolean isDue(String queue) throws SQLException {
    return truth(
        "select pgq.tick_due(s) <= interval '0'" + " from pgq.queue_state s where queue_name = ?",
        queue);
  }

  /** The id of the batch; null: nothing yet. */
  @Nullable Long nextBatch(String queue, String consumer) throws SQLException {
    String batch = text("select pgq.next_batch(?, ?)", queue, consumer);
    return batch.isEmpty() ? null : Long.valueOf(batch);
  }

  /** The id of the batch, which has to be there. */
  long openBatch(String queue, String consumer) throws SQLException {
    Long batch = nextBatch(queue, consumer);
    assertThat(batch).as("batch of %s/%s", queue, consumer).isNotNull();
    return Objects.requireNonNull(batch);
  }

  /** The data of a batch's events. */
  List<String> events(long batch) throws SQLException {
    return rows("select ev_data from pgq.get_batch_events(?)", batch);
  }

  long finish(long batch) throws SQLException {
    return number("select pgq.finish_batch(?)", batch);
  }

  /** Reads and finishes all batches there are; the data of their events. */
  List<String> drain(String queue, String consumer) throws SQLException {
    return batches(queue, consumer).stream().flatMap(List::stream).toList();
  }

  /** The same, batch by batch; empty ones are left out. */
  List<List<String>> batches(String queue, String consumer) throws SQLException {
    List<List<String>> batches = new ArrayList<>();
    for (Long batch = nextBatch(queue, consumer);
        batch != null;
        batch = nextBatch(queue, consumer)) {
      List<String> events = events(batch);
      if (!events.isEmpty()) {
        batches.add(events);
      }
      assertThat(finish(batch)).isEqualTo(1);
    }
    return batches;
  }

  /** Rotates the queue if that is possible; whether it was. */
  boolean rotate(String queue) throws SQLException {
    return number("select pgq.maint_rotate_tables_step1(?)", queue) == 1;
  }

  @Override
  public void close() throws SQLException {
    thread.shutdownNow();
    connection.close();
  }
}
