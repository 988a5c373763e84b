package io.pgq4j.testing.history;

import java.util.Set;
import javax.sql.DataSource;

/** What all actors of a history share. */
final class World {

  private static final int BACKLOG = 100;

  final DataSource dataSource;
  final String queue;
  final History history;
  final Set<Write> writes;
  final Set<Shape> shapes;
  private long ticks;
  private volatile long backlog;
  private boolean over;

  World(
      DataSource dataSource, String queue, History history, Set<Write> writes, Set<Shape> shapes) {
    this.dataSource = dataSource;
    this.queue = queue;
    this.history = history;
    this.writes = writes;
    this.shapes = shapes;
  }

  /** Somebody ticked. */
  synchronized void ticked() {
    ticks++;
    notifyAll();
  }

  /** Waits for so many ticks, for the end of the history, or for a moment if there are none. */
  synchronized void awaitTicks(int number) throws InterruptedException {
    long until = ticks + number;
    long patience = System.nanoTime() + 100_000_000L * number;
    while (ticks < until && !over) {
      long left = (patience - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return;
      }
      wait(left);
    }
  }

  /** How many ticks the slowest consumer is behind. */
  void isBehind(long ticks) {
    backlog = ticks;
  }

  /** Whether consumers should get a chance: without a brake, batches grow without a bound. */
  boolean isCrowded() {
    return backlog > BACKLOG;
  }

  synchronized void end() {
    over = true;
    notifyAll();
  }

  synchronized boolean isOver() {
    return over;
  }
}
