package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * Next batch, events, finish; and what happens to consumers: they give a batch up and get it again,
 * die in the middle, ask for a retry, finish twice.
 */
final class PlainConsumer extends Reader {

  /** How many sessions share the consumer, and how it reads. */
  enum Habit {
    /** The only session of its consumer. */
    ALONE,
    /** One of several sessions of a consumer. */
    SHARED,
    /** Alone, and in large batches that it leaves open for a while. */
    LAGGING
  }

  private final Habit habit;

  PlainConsumer(World world, String name, String consumer, Random random, Habit habit) {
    super(world, name, consumer, random, habit != Habit.SHARED);
    this.habit = habit;
  }

  @Override
  boolean step() throws SQLException, InterruptedException {
    boolean isCalm = world.isOver();
    BatchReader.Open open =
        habit == Habit.LAGGING && !isCalm && !oneIn(8)
            ? batches.next(consumer, random.nextInt(2000))
            : batches.next(consumer);
    if (open == null) {
      return false;
    }
    if (habit == Habit.LAGGING && !isCalm) {
      world.awaitTicks(1 + random.nextInt(40));
    }
    Fact.Read batch = batches.read(consumer, open, oneIn(4), oneIn(4));
    if (batch == null) {
      if (habit != Habit.SHARED) {
        throw new IllegalStateException(open + " is closed, and nobody finished it");
      }
      return true;
    }
    world.history.record(batch);
    if (isCalm || mayFinish(batch)) {
      if (habit == Habit.SHARED) {
        finish(batch.batch());
      } else {
        finishOrFindOut(batch);
      }
      if (oneIn(8)) {
        finish(batch.batch());
      }
    }
    return true;
  }

  private boolean mayFinish(Fact.Read batch) throws SQLException {
    switch (random.nextInt(12)) {
      case 0 -> {
        return false;
      }
      case 1 -> {
        db.close();
        return false;
      }
      case 2 -> {
        List<Long> some = batch.fresh().stream().map(Delivered::id).filter(id -> oneIn(4)).toList();
        if (habit != Habit.SHARED && !some.isEmpty()) {
          retry(batch, some);
        }
        return !oneIn(4);
      }
      case 3 -> {
        List<Long> all = batch.events().stream().map(Delivered::id).distinct().toList();
        if (habit != Habit.SHARED && !all.isEmpty() && all.size() < 50) {
          retryAll(batch, all);
        }
        return true;
      }
      default -> {
        return true;
      }
    }
  }

  private void retryAll(Fact.Read batch, List<Long> all) throws SQLException {
    world.history.record(new Fact.Retrying(consumer, all));
    if (db.number("select pgq.batch_retry(?, 0)", batch.batch()) == all.size()) {
      world.history.record(new Fact.Retried(consumer, all));
    }
  }
}
