package io.pgq4j.admin.bench;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Contestants that do the same work in turns. What else the machine does, a checkpoint or a
 * neighbour, so meets all of them, and each goes first as often as the others.
 */
final class Contest {
  /** What a contestant does in a round. */
  interface Work {
    /** What is needed before, and not timed. */
    default void prepare() throws SQLException, InterruptedException {}

    /** Does it. Returns how much was done: transactions, rows, batches. */
    long run() throws SQLException, InterruptedException;

    /** Fails if less was done than {@link #run} said; not timed. */
    default void check(long done) throws SQLException {}
  }

  /** Who takes part. */
  record Contestant(String name, Work work) {}

  /** How much a contestant did in a second, in each round. */
  record Result(String name, List<Double> rates) {}

  private Contest() {}

  /** Runs one round that does not count and those that do. */
  static List<Result> run(List<Contestant> contestants, int rounds, Consumer<String> progress)
      throws SQLException, InterruptedException {
    List<Result> results =
        contestants.stream().map(one -> new Result(one.name(), new ArrayList<>())).toList();
    for (int round = 0; round <= rounds; round++) {
      progress.accept(round == 0 ? "Warming up." : "Round " + round + " of " + rounds + ".");
      for (int i = 0; i < contestants.size(); i++) {
        int turn = (round + i) % contestants.size();
        double rate = rate(contestants.get(turn).work());
        if (round > 0) {
          results.get(turn).rates().add(rate);
        }
      }
    }
    return results;
  }

  /** Prepares, runs, and returns how much was done in a second. */
  static double rate(Work work) throws SQLException, InterruptedException {
    work.prepare();
    long began = System.nanoTime();
    long done = work.run();
    long nanos = System.nanoTime() - began;
    work.check(done);
    return done * 1e9 / nanos;
  }
}
