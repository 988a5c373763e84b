package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.Random;

/**
 * Registers itself at any moment, in a transaction that also writes events and may tick; reads for
 * a while, and leaves.
 */
final class Newcomer extends Actor {

  private int visits;

  Newcomer(World world, String name, Random random) {
    super(world, name, random, false);
  }

  @Override
  boolean step() throws SQLException, InterruptedException {
    String consumer = name + "." + visits++;
    Stay stay = new Stay(consumer);
    try {
      stay.arrive();
      world.awaitTicks(1);
      for (int i = 0; i < 20; i++) {
        if (!stay.step()) {
          world.awaitTicks(1);
        }
      }
    } finally {
      stay.leave();
    }
    return true;
  }

  private final class Stay extends Reader {

    Stay(String consumer) {
      super(Newcomer.this.world, consumer, consumer, Newcomer.this.random, false);
    }

    void arrive() throws SQLException {
      Transaction transaction = new Transaction(name, world.queue, db, random);
      db.run("begin");
      transaction.write(Write.EVENT);
      if (random.nextBoolean()) {
        db.rows("select pgq.ticker(?)", world.queue);
      }
      db.rows("select pgq.register_consumer(?, ?)", world.queue, consumer);
      transaction.write(Write.EVENT);
      transaction.book();
      Tick start = positionNow();
      long self = db.number("select txid_current()");
      db.run("commit");
      world.history.record(new Fact.Registered(consumer, self, start));
      world.history.record(new Fact.Moved(consumer, start));
    }

    @Override
    boolean step() throws SQLException {
      BatchReader.Open open = batches.next(consumer);
      Fact.Read batch = open == null ? null : batches.read(consumer, open, false, oneIn(4));
      if (batch == null) {
        return false;
      }
      world.history.record(batch);
      return finish(batch.batch());
    }

    void leave() throws SQLException {
      try {
        db.reset();
        db.rows("select pgq.unregister_consumer(?, ?)", world.queue, consumer);
        world.history.record(new Fact.Left(consumer));
      } finally {
        db.close();
      }
    }
  }
}
