package io.pgq4j.sql;

import java.sql.SQLException;
import java.util.List;

/** A watched table, and what its queue gets. */
final class Watched {

  private final Session session;
  private final String queue;

  private Watched(Session session, String queue) {
    this.session = session;
    this.queue = queue;
  }

  /** Creates the table by these definitions, watches it with these options as JSON. */
  static Watched table(Sessions sessions, String table, String options, String... definitions)
      throws SQLException {
    Session session = sessions.open();
    String queue = sessions.queue("c");
    for (String definition : definitions) {
      session.run(definition);
    }
    session.run("select pgq.watch_table(?::regclass, ?, ?::jsonb)", table, queue, options);
    return new Watched(session, queue);
  }

  Session session() {
    return session;
  }

  String queue() {
    return queue;
  }

  /** Runs the statements; the events they made, as type and data. */
  List<String> after(String... statements) throws SQLException {
    return columnsAfter("ev_type, ev_data", statements);
  }

  /** Runs the statements; these columns of the events they made. */
  List<String> columnsAfter(String columns, String... statements) throws SQLException {
    for (String statement : statements) {
      session.run(statement);
    }
    return events(columns);
  }

  /** The events that were not read yet. */
  List<String> events(String columns) throws SQLException {
    session.run("select pgq.force_tick(?), pgq.ticker(?)", queue, queue);
    Long batch = session.nextBatch(queue, "c");
    if (batch == null) {
      return List.of();
    }
    List<String> events =
        session.rows("select " + columns + " from pgq.get_batch_events(?)", batch);
    session.finish(batch);
    return events;
  }
}
