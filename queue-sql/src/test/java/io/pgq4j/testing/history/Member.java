package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * A member of a cooperative consumer. It takes batches over as soon as it likes, so that their
 * holders, who are alive, find themselves fenced off.
 */
final class Member extends Reader {

  private static final String CONSUMER = "members";
  private static final String NOT_OPEN = "PQ003";

  Member(World world, String name, Random random) {
    super(world, name, CONSUMER, random, false);
  }

  @Override
  void register() throws SQLException {
    super.register();
    db.rows("select pgq_coop.register_subconsumer(?, ?, ?)", world.queue, CONSUMER, name);
  }

  @Override
  boolean step() throws SQLException, InterruptedException {
    boolean isCalm = world.isOver();
    BatchReader.Open open = batches.next(CONSUMER, name, !isCalm && oneIn(6));
    if (open == null) {
      return false;
    }
    Fact.Read batch = batches.read(CONSUMER, open, false, oneIn(4));
    if (batch == null) {
      return true;
    }
    world.history.record(batch);
    if (!isCalm && oneIn(4)) {
      world.awaitTicks(random.nextInt(6));
    }
    if (!isCalm && oneIn(8)) {
      retrySome(batch);
    }
    if (isCalm || !oneIn(8)) {
      finish(batch.batch());
    }
    return true;
  }

  private void retrySome(Fact.Read batch) throws SQLException {
    List<Long> some = batch.fresh().stream().map(Delivered::id).filter(id -> oneIn(4)).toList();
    if (some.isEmpty()) {
      return;
    }
    try {
      retry(batch, some);
    } catch (SQLException e) {
      if (!NOT_OPEN.equals(e.getSQLState())) { // another member took it over
        throw e;
      }
    }
  }
}
