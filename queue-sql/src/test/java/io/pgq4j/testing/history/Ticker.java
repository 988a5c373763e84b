package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.Random;

/** Ticks in every way, as fast as consumers can. */
final class Ticker extends Actor {

  Ticker(World world, String name, Random random) {
    super(world, name, random, true);
  }

  @Override
  boolean step() throws SQLException {
    if (world.isCrowded()) {
      return false;
    }
    boolean ticked;
    if (random.nextBoolean()) {
      ticked = db.number("select pgq.ticker()") > 0;
    } else {
      if (oneIn(20)) {
        db.rows("select pgq.force_tick(?)", world.queue);
      }
      ticked = !db.row("select pgq.ticker(?)", world.queue).isNull(0);
    }
    if (ticked) {
      world.ticked();
    }
    return true;
  }
}
