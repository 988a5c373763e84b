package io.pgq4j.examples.cinema;

import io.pgq4j.Batch;
import io.pgq4j.TransactionalConsumer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Asks for a refresh of the views that follow changes, unless it has been asked for already. */
final class ViewRequests extends TransactionalConsumer {
  private static final String ASK =
      """
      with asked as (
        update cinema.view v set requested = true
        where v.on_change and not v.requested
        returning v.name, v.started_at + v.at_most_every as earliest
      )
      select pgq.insert_event_at(
        'cinema_views', 'change', json_build_object('view', a.name)::text,
        greatest(a.earliest, now()))
      from asked a""";

  ViewRequests() {
    super(Cinema.CHANGES, "view_requests");
  }

  @Override
  protected void processBatch(Batch batch, Connection connection) throws SQLException {
    batch.skipRest();
    try (Statement statement = connection.createStatement()) {
      statement.execute(ASK);
    }
  }
}
