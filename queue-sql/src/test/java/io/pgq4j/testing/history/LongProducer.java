package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * Transactions that stay open while others tick, rotate and compact. Their snapshots and slots are
 * old when they write.
 */
final class LongProducer extends Actor {

  private static final List<String> ISOLATIONS =
      List.of("read committed", "repeatable read", "repeatable read");

  private int transactions;

  LongProducer(World world, String name, Random random) {
    super(world, name, random, true);
  }

  @Override
  boolean step() throws SQLException, InterruptedException {
    List<Write> peaceful = world.writes.stream().filter(write -> !write.isContested()).toList();
    Transaction transaction = new Transaction(name + "." + transactions++, world.queue, db, random);
    db.run("begin isolation level " + any(ISOLATIONS));
    db.run("select 1");
    if (random.nextBoolean()) {
      transaction.write(Write.EVENT);
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      world.awaitTicks(1 + random.nextInt(20));
      transaction.write(peaceful.isEmpty() ? Write.EVENT : any(peaceful));
    }
    if (random.nextBoolean()) {
      world.awaitTicks(1 + random.nextInt(10));
    }
    transaction.book();
    db.run(oneIn(4) ? "rollback" : "commit");
    return true;
  }
}
