package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.Random;

/** What happens to databases. */
final class Mischief extends Actor {

  /** The kinds of it. */
  enum Kind {
    /** A tick from a transaction whose snapshot is old; it has to be refused. */
    OLD_TICKER,
    /** A transaction that holds the xmin horizon back. */
    HELD_SNAPSHOT,
    /** Locks as pg_dump takes them. */
    DUMP,
    /** Sessions are terminated, whatever they are at. */
    TERMINATION
  }

  private final Kind kind;

  Mischief(World world, String name, Random random, Kind kind) {
    super(world, name, random, false);
    this.kind = kind;
  }

  @Override
  boolean step() throws SQLException, InterruptedException {
    switch (kind) {
      case OLD_TICKER -> tickLate();
      case HELD_SNAPSHOT -> {
        db.run("begin isolation level repeatable read");
        db.run("select 1");
        world.awaitTicks(random.nextInt(400));
        db.run("commit");
        world.awaitTicks(random.nextInt(100));
      }
      case DUMP -> {
        db.run("begin isolation level repeatable read");
        db.run("lock table pgq.event, pgq.tick, pgq.position in access share mode");
        world.awaitTicks(random.nextInt(30));
        db.run("commit");
        world.awaitTicks(random.nextInt(200));
      }
      case TERMINATION -> {
        world.awaitTicks(random.nextInt(50));
        db.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname ="
                + " current_database() and application_name like ? order by random() limit 1",
            Actor.MORTAL + "%");
      }
    }
    return true;
  }

  private void tickLate() throws SQLException, InterruptedException {
    db.run("begin isolation level " + (random.nextBoolean() ? "repeatable read" : "serializable"));
    db.run("select 1");
    world.awaitTicks(random.nextInt(8));
    try {
      db.rows("select pgq.ticker(?)", world.queue);
      db.run("commit");
    } catch (SQLException e) {
      db.reset();
      if (!"PQ007".equals(e.getSQLState())) {
        throw e;
      }
    }
  }
}
