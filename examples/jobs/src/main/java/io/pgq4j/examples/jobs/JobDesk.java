package io.pgq4j.examples.jobs;

import io.pgq4j.EventWriter;
import io.pgq4j.NewEvent;
import io.pgq4j.QueueAdmin;
import io.pgq4j.Watch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;
import javax.sql.DataSource;

/** What pages and workers do to the table of jobs. Thread-safe. */
final class JobDesk implements AutoCloseable {
  /** New jobs, for workers. */
  static final String WORK = "job_queue";

  /** Every change of a job, and of the farm, for pages. */
  static final String STATE = "job_state";

  /** What running workers are told. */
  static final String CONTROL = "job_control";

  /** The consumer that the workers are members of. */
  static final String FARM = "farm";

  private static final EventWriter CONTROLS = EventWriter.to(CONTROL);

  private final KeptConnections connections;

  JobDesk(DataSource dataSource) {
    connections = new KeptConnections(dataSource);
  }

  /** Creates the tables, the queues and the triggers, as far as they are not there. */
  static void install(DataSource dataSource, String schema) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("set local client_min_messages = warning");
        statement.execute(schema);
      }
      QueueAdmin admin = QueueAdmin.on(connection);
      admin.createQueue(WORK);
      admin.createQueue(STATE);
      admin.createQueue(CONTROL);
      admin.register(WORK, FARM);
      admin.watchTable(
          Watch.builder("jobs.job_queue", WORK).operations(Watch.Operation.INSERT).build());
      admin.watchTable(Watch.builder("jobs.job_queue", STATE).build());
      admin.watchTable(Watch.builder("jobs.farm", STATE).build());
      connection.commit();
    }
  }

  /** A user clicks. */
  long start(String owner, String report) throws SQLException {
    return query(
        "insert into jobs.job_queue (owner, report) values (?, ?) returning id",
        row -> row.getLong(1),
        owner,
        report);
  }

  /** A job that waits will not be done; the worker of one that runs is told. */
  void cancel(String owner, long id) throws SQLException {
    connections.transaction(
        connection -> {
          String state =
              query(
                  connection,
                  """
                  update jobs.job_queue
                     set state = case state when 'queued' then 'cancelled' else 'cancelling' end
                   where id = ? and owner = ? and state in ('queued', 'running')
                  returning state\
                  """,
                  row -> row.getString(1),
                  id,
                  owner);
          if ("cancelling".equals(state)) {
            CONTROLS.insert(connection, NewEvent.of("cancel", "{\"id\": " + id + "}"));
          }
          return state;
        });
  }

  /** Workers finish what they have in hand, and take no other job until they may. */
  void pause(boolean paused) throws SQLException {
    connections.transaction(
        connection -> {
          QueueAdmin admin = QueueAdmin.on(connection);
          boolean changed =
              paused ? admin.pauseConsumer(WORK, FARM) : admin.resumeConsumer(WORK, FARM);
          query(connection, "update jobs.farm set paused = ? returning 1", row -> 1, paused);
          return changed;
        });
  }

  /** What a page shows when it is opened, as JSON. */
  String list(String owner) throws SQLException {
    return query(
        """
        select json_build_object(
          'jobs', (select coalesce(json_agg(j order by j.id), '[]')
                     from jobs.job_queue j where j.owner = ?),
          'paused', (select paused from jobs.farm))\
        """,
        row -> row.getString(1),
        owner);
  }

  /** A worker takes a job; the number of this attempt, none if the job is not to be done. */
  OptionalInt take(long id, String worker) throws SQLException {
    Integer attempt =
        query(
            """
            update jobs.job_queue
               set state = case state when 'cancelling' then 'cancelled' else 'running' end,
                   worker = ?, attempts = attempts + 1, progress = 0, note = null,
                   started_at = coalesce(started_at, clock_timestamp())
             where id = ? and state in ('queued', 'running', 'cancelling')
            returning case state when 'running' then attempts end\
            """,
            row -> row.getObject(1, Integer.class),
            worker,
            id);
    return attempt == null ? OptionalInt.empty() : OptionalInt.of(attempt);
  }

  /** How far an attempt is; false if the job was given to another worker meanwhile. */
  boolean progress(long id, int attempt, int percent) throws SQLException {
    return set("progress = ?, note = null", id, attempt, percent);
  }

  boolean finish(long id, int attempt, String state, String note) throws SQLException {
    return set("state = ?, note = ?", id, attempt, state, note);
  }

  private boolean set(String assignments, long id, int attempt, Object... values)
      throws SQLException {
    Object[] all = new Object[values.length + 2];
    System.arraycopy(values, 0, all, 0, values.length);
    all[values.length] = id;
    all[values.length + 1] = attempt;
    Integer one =
        query(
            "update jobs.job_queue set "
                + assignments
                + " where id = ? and attempts = ? and state in ('running', 'cancelling') returning"
                + " 1",
            row -> row.getInt(1),
            all);
    return one != null;
  }

  private interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  private <T> T query(String sql, Mapper<T> mapper, Object... parameters) throws SQLException {
    return connections.transaction(connection -> query(connection, sql, mapper, parameters));
  }

  @SuppressWarnings("NullAway") // null where there is no row
  private static <T> T query(
      Connection connection, String sql, Mapper<T> mapper, Object... parameters)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? mapper.map(row) : null;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connections.close();
  }
}
