package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.Random;

/**
 * Rotates, compacts and moves retries back, as fast as it can. So that there is always something to
 * compact, it adds positions and ticks of a consumer and a queue that do not exist.
 */
final class Maintainer extends Actor {

  Maintainer(World world, String name, Random random) {
    super(world, name, random, true);
  }

  /** More than compaction thinks worth its while. */
  private static final int ROWS = 1500;

  @Override
  boolean step() throws SQLException, InterruptedException {
    db.rows("select pgq.maint_rotate_tables_step1(?)", world.queue);
    db.rows("select pgq.maint_retry_events()");
    if (db.number("select pgq.maint_compact()") > 0 || oneIn(10)) {
      db.rows("select history.litter(?)", ROWS);
    }
    world.awaitTicks(1);
    return true;
  }
}
