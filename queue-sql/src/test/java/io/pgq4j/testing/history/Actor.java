package io.pgq4j.testing.history;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/** Someone who does one thing again and again, in a session of its own. */
abstract class Actor {

  /** Begins the application's name of a session that may be terminated at any moment. */
  static final String MORTAL = "mortal ";

  /** Who is told to try again so often will never get on. */
  private static final int ATTEMPTS = 300;

  final World world;
  final String name;
  final Random random;
  final Db db;
  private int refused;

  Actor(World world, String name, Random random, boolean isMortal) {
    this.world = world;
    this.name = name;
    this.random = random;
    this.db = new Db(world.dataSource, (isMortal ? MORTAL : "immortal ") + name);
  }

  /** Does it once; answers false when there was nothing to do. */
  abstract boolean step() throws SQLException, InterruptedException;

  /** Goes on until the history is over. */
  final void live() {
    try {
      while (!world.isOver()) {
        if (!attempt()) {
          world.awaitTicks(1);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      db.reset();
    }
  }

  /** A step that may fail as steps do; what else goes wrong is a finding. */
  final boolean attempt() throws InterruptedException {
    try {
      boolean done = step();
      refused = 0;
      return done;
    } catch (SQLException e) {
      db.reset();
      refused += Db.isCutOff(e) ? 0 : 1;
      if (!Db.isTransient(e) || refused > ATTEMPTS) {
        world.history.record(new Fact.Failed(name, e.getSQLState() + " " + e.getMessage()));
      }
      return true;
    } catch (RuntimeException | Error e) {
      db.reset();
      world.history.record(new Fact.Failed(name, e + " at " + List.of(e.getStackTrace()).get(0)));
      return false;
    }
  }

  final boolean oneIn(int number) {
    return random.nextInt(number) == 0;
  }

  final <T> T any(Collection<T> choices) {
    return List.copyOf(choices).get(random.nextInt(choices.size()));
  }
}
