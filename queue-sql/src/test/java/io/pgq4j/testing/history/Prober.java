package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Reads some ticks as one batch, goes back to where it was, and reads them one by one. The batch
 * that it dropped cannot be finished any more. Now and then it passes over what there is.
 */
final class Prober extends Reader {

  Prober(World world, String name, Random random) {
    super(world, name, name, random, false);
  }

  @Override
  boolean step() throws SQLException, InterruptedException {
    if (oneIn(4)) {
      skip();
    }
    world.awaitTicks(1 + random.nextInt(10));
    BatchReader.Open wide = batches.next(consumer, 1 + random.nextInt(60));
    if (wide == null) {
      return false;
    }
    Fact.Read whole = read(wide);
    Tick start = whole.from();
    goTo(start.id());
    finish(wide.batch());

    List<Fact.Read> parts = new ArrayList<>();
    for (long at = start.id(); at < wide.to(); ) {
      BatchReader.Open open = batches.next(consumer);
      if (open == null) {
        throw new IllegalStateException("there is no batch after tick " + at);
      }
      Fact.Read part = read(open);
      parts.add(part);
      finish(open.batch());
      at = open.to();
    }
    world.history.record(new Fact.Composed(whole, parts));
    return true;
  }

  private void skip() throws SQLException {
    Db.Row last =
        db.row(
            "select max(tick_id) from pgq.tick join pgq.queue on queue_id = tick_queue where"
                + " queue_name = ?",
            world.queue);
    if (!last.isNull(0)) { // else a compaction hides them
      goTo(last.number(0));
    }
  }

  private void goTo(long tick) throws SQLException {
    db.rows("select pgq.register_consumer_at(?, ?, ?)", world.queue, consumer, tick);
    world.history.record(new Fact.Moved(consumer, position()));
  }

  private Fact.Read read(BatchReader.Open open) throws SQLException {
    Fact.Read read = batches.read(consumer, open, false, true);
    if (read == null) {
      throw new IllegalStateException(open + " is closed, and nobody finished it");
    }
    world.history.record(read);
    return read;
  }
}
