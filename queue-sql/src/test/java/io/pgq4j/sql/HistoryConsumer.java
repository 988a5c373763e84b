package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Reads batches, some of them twice, and compares each with the plain meaning of a batch. */
final class HistoryConsumer {

  /** Visible in the snapshot of the batch's end and not in that of its start, over all rows. */
  private static final String MEANING =
      """
      with window_of_batch as materialized (
        select b.queue_id, o.tick_snapshot as old, n.tick_snapshot as new
        from pgq.batch(?) b
        join pgq.tick o on o.tick_queue = b.queue_id and o.tick_id = b.prev_tick
        join pgq.tick n on n.tick_queue = b.queue_id and n.tick_id = b.next_tick
      )
      select e.ev_id, e.ev_data
      from pgq.event e
      where e.ev_queue = (select queue_id from window_of_batch)
        and txid_visible_in_snapshot(e.ev_txid, (select new from window_of_batch))
        and not txid_visible_in_snapshot(e.ev_txid, (select old from window_of_batch))
      order by e.ev_id""";

  private final String queue;
  private final String name;
  private final Session session;
  private final Random random;
  private final List<List<String>> batches = new ArrayList<>();

  HistoryConsumer(String queue, String name, Session session, Random random) {
    this.queue = queue;
    this.name = name;
    this.session = session;
    this.random = random;
  }

  /** The events of each finished batch that had any. */
  List<List<String>> batches() {
    return batches;
  }

  /** Reads a batch if there is one; whether there was. */
  boolean step() throws SQLException {
    Long batch = session.nextBatch(queue, name);
    if (batch == null) {
      return false;
    }
    session.begin("repeatable read");
    List<String> events;
    try {
      List<String> rows = session.rows("select ev_id, ev_data from pgq.get_batch_events(?)", batch);
      assertThat(rows)
          .as("batch %s against its meaning", batch)
          .isEqualTo(session.rows(MEANING, batch));
      events = rows.stream().map(row -> row.substring(row.indexOf('|') + 1)).toList();
      session.commit();
    } catch (SQLException e) {
      session.rollback();
      assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo("40001");
      return true;
    }
    if (random.nextInt(5) > 0) {
      assertThat(session.finish(batch)).isEqualTo(1);
      if (!events.isEmpty()) {
        batches.add(events);
      }
    }
    return true;
  }

  /** Reads and finishes all there is. */
  void drain() throws SQLException {
    while (step()) {
      // until there is none
    }
  }
}
