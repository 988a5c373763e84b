package io.pgq4j.sql;

import static org.assertj.core.api.Assertions.fail;

import io.pgq4j.sql.Differential.Answers;
import io.pgq4j.sql.Differential.Call;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random sequences of calls have the same answers from PgQ and from pgq4j. A sequence that has not
 * is shrunk, and printed as a script for DifferentialIT. The properties {@code pgq.random.seed},
 * {@code pgq.random.length} and {@code pgq.random.sequences} set the first seed, how many calls a
 * sequence has, and how many there are.
 */
class RandomCallsIT {

  @RegisterExtension static final RealPgq.Extension pgq = new RealPgq.Extension();

  private static final long SEED = Long.getLong("pgq.random.seed", 1);
  private static final int LENGTH = Integer.getInteger("pgq.random.length", 100);
  private static final int SEQUENCES = Integer.getInteger("pgq.random.sequences", 8);

  private int runs;
  private int compared;

  /** The calls up to the one that was answered differently, and its answers. */
  private record Difference(List<Call> calls, Answers answers) {}

  @Test
  void randomSequencesAreAnsweredAsByPgq() throws Exception {
    for (long seed = SEED; seed < SEED + SEQUENCES; seed++) {
      Optional<Difference> difference = firstDifference(RandomCalls.generate(seed, LENGTH));
      if (difference.isPresent()) {
        report(seed, difference.get().calls());
      }
    }
    System.out.printf(
        "random: compared %d calls with PgQ, seeds %d to %d%n",
        compared, SEED, SEED + SEQUENCES - 1);
  }

  private void report(long seed, List<Call> calls) throws Exception {
    List<Call> least =
        Shrinking.shrink(
            calls, some -> RandomCalls.isRunnable(some) && firstDifference(some).isPresent());
    Difference difference = firstDifference(least).orElseThrow();
    fail(
        "Seed %d: %s%nPgQ:    %s%npgq4j:  %s%nThe least script that shows it:%n%n%s",
        seed,
        least.get(least.size() - 1),
        difference.answers().theirs(),
        difference.answers().ours(),
        least.stream().map(Call::toString).collect(Collectors.joining("\n")));
  }

  /**
   * Runs the calls on a pair of new databases, up to the first one that is answered differently.
   */
  private Optional<Difference> firstDifference(List<Call> calls) throws Exception {
    try (Differential differential = new Differential(pgq.server(), "random_" + ++runs)) {
      for (String helper : RandomCalls.HELPERS) {
        differential.ask(new Call("", helper, false));
      }
      for (int i = 0; i < calls.size(); i++) {
        compared++;
        Answers answers = differential.ask(calls.get(i));
        if (!answers.alike()) {
          return Optional.of(new Difference(calls.subList(0, i + 1), answers));
        }
      }
      return Optional.empty();
    }
  }
}
