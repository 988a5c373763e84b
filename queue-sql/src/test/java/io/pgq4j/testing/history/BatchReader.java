package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a batch, and what it has to be. */
final class BatchReader {

  private static final String COLUMNS =
      "ev_id, ev_txid, ev_retry, ev_type, ev_data, ev_extra1, ev_extra4";

  private static final String NOT_OPEN = "PQ003";

  /** How many events a cursor gives at once. */
  private static final int FETCH = 7;

  private static final int ATTEMPTS = 20;

  private final Db db;
  private final String queue;

  BatchReader(Db db, String queue) {
    this.db = db;
    this.queue = queue;
  }

  /** A batch that is open, by its ticks. */
  record Open(long batch, long to, long from) {}

  /** Opens the next batch; null: nothing yet. */
  @Nullable Open next(String consumer) throws SQLException {
    return open(db.row("select * from pgq.next_batch_info(?, ?)", queue, consumer));
  }

  /** Opens a batch of about so many events. */
  @Nullable Open next(String consumer, int minCount) throws SQLException {
    return open(
        db.row(
            "select * from pgq.next_batch_custom(?, ?, null, ?, null)", queue, consumer, minCount));
  }

  /** Opens the next batch for a member, or takes one over from another. */
  @Nullable Open next(String consumer, String member, boolean isGreedy) throws SQLException {
    return open(
        db.row(
            "select * from pgq_coop.next_batch_custom(?, ?, ?, null, null, null, ?::interval)",
            queue,
            consumer,
            member,
            isGreedy ? "0" : null));
  }

  private static @Nullable Open open(Db.Row row) {
    return row.isNull(0) ? null : new Open(row.number(0), row.number(1), row.number(2));
  }

  /**
   * Reads it. Null: it is not open any more, because another session of this consumer finished it.
   */
  Fact.@Nullable Read read(String consumer, Open batch, boolean byCursor, boolean withMeaning)
      throws SQLException {
    Db.Row truth = truth(consumer, batch, withMeaning);
    List<Delivered> events;
    try {
      events = byCursor ? byCursor(batch.batch) : atOnce(batch.batch);
    } catch (SQLException e) {
      if (NOT_OPEN.equals(e.getSQLState())) {
        db.reset();
        return null;
      }
      throw e;
    }
    if (db.row("select tick_id from pgq.get_batch_info(?)", batch.batch).isNull(0)) {
      return null;
    }
    if (truth.isNull(0) || truth.isNull(1)) {
      throw new IllegalStateException("a tick of an open batch is gone: " + batch);
    }
    return new Fact.Read(
        consumer,
        batch.batch,
        new Tick(batch.from, Snapshot.parse(truth.text(0))),
        new Tick(batch.to, Snapshot.parse(truth.text(1))),
        events,
        truth.texts(2).stream().map(Booked::parse).toList(),
        withMeaning ? truth.numbers(3) : null);
  }

  /** Asks again while a tick seems to be missing: a compaction empties the table for a moment. */
  private Db.Row truth(String consumer, Open batch, boolean withMeaning) throws SQLException {
    Db.Row truth;
    int attempts = 0;
    do {
      truth =
          db.row(
              "select * from history.truth(?, ?, ?, (select sub_id from pgq.subscription join"
                  + " pgq.consumer on co_id = sub_consumer join pgq.queue on queue_id = sub_queue"
                  + " where queue_name = ? and co_name = ?), ?)",
              queue,
              batch.from,
              batch.to,
              queue,
              consumer,
              withMeaning);
    } while ((truth.isNull(0) || truth.isNull(1)) && ++attempts < ATTEMPTS);
    return truth;
  }

  private List<Delivered> atOnce(long batch) throws SQLException {
    return delivered(
        db.rows("select " + COLUMNS + " from pgq.get_batch_events(?)", batch), new ArrayList<>());
  }

  private List<Delivered> byCursor(long batch) throws SQLException {
    db.run("begin");
    List<Delivered> events = new ArrayList<>();
    List<Db.Row> rows =
        db.rows("select " + COLUMNS + " from pgq.get_batch_cursor(?, 'events', ?)", batch, FETCH);
    while (!rows.isEmpty()) {
      delivered(rows, events);
      rows =
          db.rows("fetch " + FETCH + " from events").stream()
              .map(BatchReader::likeColumns)
              .toList();
    }
    db.run("commit");
    return events;
  }

  /** The cursor has all columns of an event. */
  private static Db.Row likeColumns(Db.Row row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (int column : new int[] {0, 2, 3, 4, 5, 6, 9}) {
      values.add(row.values().get(column));
    }
    return new Db.Row(values);
  }

  private static List<Delivered> delivered(List<Db.Row> rows, List<Delivered> events) {
    for (Db.Row row : rows) {
      String retry = row.textOrNull(2);
      events.add(
          Delivered.of(
              row.number(0),
              row.number(1),
              retry == null ? null : Integer.valueOf(retry),
              Objects.requireNonNullElse(row.textOrNull(3), ""),
              row.textOrNull(4),
              row.textOrNull(5),
              row.text(6)));
    }
    return events;
  }
}
