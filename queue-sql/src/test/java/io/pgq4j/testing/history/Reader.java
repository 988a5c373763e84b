package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** An actor that consumes. After the history it reads what is left, and does no mischief then. */
abstract class Reader extends Actor {

  private static final int ATTEMPTS = 20;

  final BatchReader batches;
  final String consumer;

  Reader(World world, String name, String consumer, Random random, boolean isMortal) {
    super(world, name, random, isMortal);
    this.consumer = consumer;
    this.batches = new BatchReader(db, world.queue);
  }

  /** Registers the consumer at the last tick, before the history begins. */
  void register() throws SQLException {
    if (db.number("select pgq.register_consumer(?, ?)", world.queue, consumer) == 1) {
      world.history.record(new Fact.Moved(consumer, position()));
    }
  }

  /** The last finished tick; asks again while a compaction, or who leaves, hides it. */
  final Tick position() throws SQLException {
    SQLException hidden = null;
    for (int attempts = 0; attempts < ATTEMPTS; attempts++) {
      try {
        return positionNow();
      } catch (SQLException e) {
        if (!Db.isTransient(e)) {
          throw e;
        }
        db.reset();
        hidden = e;
      }
    }
    throw new IllegalStateException("the position of " + consumer + " is not to be found", hidden);
  }

  /** The same, once, in the transaction that is open. */
  final Tick positionNow() throws SQLException {
    List<Db.Row> rows =
        db.rows(
            "select tick_id, tick_snapshot::text from pgq.tick join pgq.queue on queue_id ="
                + " tick_queue join pgq.subscription on sub_queue = queue_id and sub_last_tick ="
                + " tick_id join pgq.consumer on co_id = sub_consumer where queue_name = ? and"
                + " co_name = ?",
            world.queue,
            consumer);
    if (rows.isEmpty()) {
      throw new SQLException("the tick of " + consumer + " is hidden", "40001");
    }
    return new Tick(rows.get(0).number(0), Snapshot.parse(rows.get(0).text(1)));
  }

  /** Whether the engine took the finish of a batch. */
  final boolean finish(long batch) throws SQLException {
    String finish =
        batch % 2 == 0
            ? "select pgq.finish_batch(?)"
            : "select finished from pgq.finish_and_next(?)";
    boolean accepted = db.number(finish, batch) == 1;
    world.history.record(new Fact.Finished(consumer, batch, accepted));
    return accepted;
  }

  /** The same, by who was cut off at it; nobody else finishes batches of this consumer. */
  final void finishOrFindOut(Fact.Read batch) throws SQLException {
    try {
      finish(batch.batch());
    } catch (SQLException e) {
      if (!Db.isCutOff(e)) {
        throw e;
      }
      db.close();
      if (position().id() == batch.to().id()) {
        world.history.record(new Fact.Finished(consumer, batch.batch(), true));
      }
    }
  }

  final void retry(Fact.Read batch, List<Long> events) throws SQLException {
    world.history.record(new Fact.Retrying(consumer, events));
    long added =
        db.number(
            "select pgq.event_retry(?, string_to_array(?, ',')::bigint[], array_fill(interval '5"
                + " milliseconds', array[?::int]))",
            batch.batch(),
            String.join(",", events.stream().map(String::valueOf).toList()),
            events.size());
    if (added == events.size()) {
      world.history.record(new Fact.Retried(consumer, events));
    }
  }
}
