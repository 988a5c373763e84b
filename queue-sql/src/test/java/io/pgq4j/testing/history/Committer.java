package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/** Ends the transactions that others prepared, some of them late; a quarter is rolled back. */
final class Committer extends Actor {

  private static final int MOST = 6;

  Committer(World world, String name, Random random) {
    super(world, name, random, false);
  }

  @Override
  boolean step() throws SQLException {
    List<Db.Row> prepared =
        db.rows(
            "select gid from pg_prepared_xacts where database = current_database() order by prepared");
    if (prepared.isEmpty() || (prepared.size() <= MOST && !world.isOver() && !oneIn(3))) {
      return false;
    }
    end(any(prepared));
    return true;
  }

  private void end(Db.Row prepared) throws SQLException {
    db.run((oneIn(4) ? "rollback prepared '" : "commit prepared '") + prepared.text(0) + "'");
  }
}
