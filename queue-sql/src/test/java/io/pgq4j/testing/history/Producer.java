package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** Short transactions of all shapes, a quarter of which are rolled back. */
final class Producer extends Actor {

  private int transactions;

  Producer(World world, String name, Random random) {
    super(world, name, random, true);
  }

  @Override
  boolean step() throws SQLException {
    if (world.isCrowded()) {
      return false;
    }
    String id = name + "." + transactions++;
    Shape shape = any(world.shapes);
    if (shape == Shape.AUTOCOMMIT) {
      db.rows(
          "select pgq.insert_event(?, 'alone', 'data', null, null, null, ?), history.book(?, '1')",
          world.queue,
          id + "/0/0",
          id);
      return true;
    }

    db.run(shape.begin);
    if (shape == Shape.ASYNCHRONOUS) {
      db.run("set local synchronous_commit = off");
    }
    Transaction transaction = new Transaction(id, world.queue, db, random);
    boolean fought = false;
    for (int i = random.nextInt(4); i >= 0; i--) {
      Write write = any(allowed(shape == Shape.PREPARED || fought));
      fought |= write.isContested();
      transaction.write(write);
    }
    transaction.book();
    if (shape == Shape.PREPARED) {
      db.run("prepare transaction '" + id + "'");
    } else {
      db.run(oneIn(4) ? "rollback" : "commit");
    }
    return true;
  }

  /** Who holds a contested row for long, or takes a second one, blocks the others. */
  private List<Write> allowed(boolean isPeaceful) {
    List<Write> allowed =
        world.writes.stream().filter(write -> !(isPeaceful && write.isContested())).toList();
    return allowed.isEmpty() ? List.of(Write.EVENT) : allowed;
  }
}
