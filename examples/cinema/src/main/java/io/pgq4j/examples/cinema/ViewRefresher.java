package io.pgq4j.examples.cinema;

import io.pgq4j.Consumer;
import io.pgq4j.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes views, each for as long as it may take, and writes down every run in {@code
 * cinema.view_run}. An event is the view's name; its type the reason, {@code schedule} or {@code
 * change}.
 *
 * <p>The view is the key of the event, so its refreshes are one after the other while those of
 * other views run beside it; a lock keeps out whoever else refreshes it by these means. A refresh
 * that fails has failed: the next one comes by schedule.
 */
final class ViewRefresher extends Consumer {
  static final String NAME = "view_refresher";

  private static final String QUERY_CANCELED = "57014";

  /**
   * Begins a run, plans the next one of a schedule, and ends those that somebody died in. Nothing
   * for a schedule's event that comes again: the next run is planned already.
   */
  private static final String BEGIN =
      """
      with view as (
        update cinema.view v
        set
          started_at = clock_timestamp(),
          requested = v.requested and r.reason = 'schedule',
          next_at = case r.reason when 'schedule' then clock_timestamp() + v.every else v.next_at end
        from (values (?, ?)) r (name, reason)
        where v.name = r.name and (r.reason = 'change' or v.next_at <= clock_timestamp())
        returning v.name, r.reason, v.next_at, v.max_duration
      ), lost as (
        update cinema.view_run l set outcome = 'lost'
        from view
        where l.view = view.name and l.outcome is null
      ), planned as (
        select pgq.insert_event_at(
          'cinema_views', 'schedule', json_build_object('view', view.name)::text, view.next_at)
        from view
        where view.reason = 'schedule'
      ), run as (
        insert into cinema.view_run (view, reason)
        select view.name, view.reason from view
        returning id
      )
      select run.id, (extract(epoch from view.max_duration) * 1000)::bigint, (select count(*) from planned)
      from run, view""";

  private static final String END =
      "update cinema.view_run set ended_at = clock_timestamp(), outcome = ?, error = ? where id = ?";

  private final DataSource dataSource;

  ViewRefresher(DataSource dataSource) {
    super(Cinema.VIEWS, NAME);
    this.dataSource = dataSource;
  }

  private record Request(String view) {}

  private record Run(long id, String view, long maxMillis) {}

  /** Has the schedules of all views begin that have not begun yet; returns how many. */
  static int schedule(DataSource dataSource) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                """
                with begun as (
                  update cinema.view set next_at = clock_timestamp()
                  where next_at is null
                  returning name
                )
                select count(pgq.insert_event(
                  'cinema_views', 'schedule', json_build_object('view', name)::text))
                from begun""");
        ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  @Override
  protected String key(Event event) {
    return event.row(Request.class).view();
  }

  @Override
  protected void process(Event event) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      Run run = begin(connection, event);
      if (run != null) {
        refresh(connection, run);
      }
    }
  }

  private static @Nullable Run begin(Connection connection, Event event) throws SQLException {
    String view = event.row(Request.class).view();
    try (PreparedStatement statement = connection.prepareStatement(BEGIN)) {
      statement.setString(1, view);
      statement.setString(2, event.type());
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? new Run(row.getLong(1), view, row.getLong(2)) : null;
      }
    }
  }

  private static void refresh(Connection connection, Run run) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("set local statement_timeout = " + run.maxMillis());
      statement.execute("select pg_advisory_xact_lock(1, hashtext('" + run.view() + "'))");
      statement.execute("refresh materialized view concurrently " + run.view());
      connection.commit();
      end(connection, run, "done", null);
    } catch (SQLException e) {
      connection.rollback();
      boolean cutOff = QUERY_CANCELED.equals(e.getSQLState());
      end(connection, run, cutOff ? "cut off" : "failed", e.getMessage());
    }
    connection.commit();
  }

  private static void end(Connection connection, Run run, String outcome, @Nullable String error)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(END)) {
      statement.setString(1, outcome);
      statement.setString(2, error);
      statement.setLong(3, run.id());
      statement.execute();
    }
  }
}
