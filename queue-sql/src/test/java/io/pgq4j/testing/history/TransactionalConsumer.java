package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Works in the transaction that finishes the batch. Its account tells what was really done. */
final class TransactionalConsumer extends Reader {

  private static final List<String> ISOLATIONS = List.of("read committed", "repeatable read");

  private BatchReader.@Nullable Open inHand;

  TransactionalConsumer(World world, String name, Random random) {
    super(world, name, name, random, true);
  }

  @Override
  void register() throws SQLException {
    super.register();
    db.run("insert into history.account values (?, ?, 0)", consumer, position().id());
  }

  @Override
  boolean step() throws SQLException {
    settle();
    BatchReader.Open open = batches.next(consumer);
    if (open == null) {
      return false;
    }
    world.history.record(new Fact.Worked(consumer, open.from(), done()));
    Fact.Read batch = batches.read(consumer, open, false, oneIn(4));
    if (batch == null) {
      throw new IllegalStateException(open + " is closed, and nobody finished it");
    }
    world.history.record(batch);
    inHand = open;
    try {
      work(batch);
    } catch (SQLException e) {
      if (!Db.isTransient(e)) {
        throw e;
      }
      db.close();
    }
    settle();
    return true;
  }

  /** Finds out whether the batch in hand was finished; in the next step, if it is cut off here. */
  private void settle() throws SQLException {
    if (inHand != null && done() == inHand.to()) {
      world.history.record(new Fact.Finished(consumer, inHand.batch(), true));
    }
    inHand = null;
  }

  private void work(Fact.Read batch) throws SQLException {
    db.run("begin isolation level " + any(ISOLATIONS));
    db.run(
        "update history.account set done = ?, events = events + ? where consumer = ?",
        batch.to().id(),
        batch.events().size(),
        consumer);
    long finished = db.number("select pgq.finish_batch(?)", batch.batch());
    if (finished != 1) {
      throw new IllegalStateException(batch + " could not be finished");
    }
    if (!world.isOver() && oneIn(8)) {
      db.close();
    } else {
      db.run(!world.isOver() && oneIn(8) ? "rollback" : "commit");
    }
  }

  private long done() throws SQLException {
    return db.number("select done from history.account where consumer = ?", consumer);
  }
}
