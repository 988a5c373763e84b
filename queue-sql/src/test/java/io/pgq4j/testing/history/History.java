package io.pgq4j.testing.history;

import java.util.ArrayList;
import java.util.List;

/**
 * Takes facts from all threads, and has them judged. Its checks remember no more than they need.
 */
public final class History {

  private static final int ENOUGH = 20;

  private final List<Check> checks =
      List.of(
          new ContentCheck(),
          new OrderCheck(),
          new MeaningCheck(),
          new PositionCheck(),
          new VersionCheck(),
          new AgreementCheck(),
          new TickCheck(),
          new RetryCheck(),
          new RotationCheck(),
          new CompositionCheck(),
          new RegistrationCheck(),
          new WorkCheck(),
          new TotalCheck(),
          new FailureCheck());
  private final List<String> broken = new ArrayList<>();
  private final Counts counts = new Counts();

  /** Records what was seen. */
  public synchronized void record(Fact fact) {
    counts.see(fact);
    for (Check check : checks) {
      check.see(
          fact,
          new Check.Verdict() {
            @Override
            @SuppressWarnings("AnnotateFormatMethod")
            public void broken(String what, Object... args) {
              if (broken.size() < ENOUGH) {
                broken.add(check.getClass().getSimpleName() + ": " + what.formatted(args));
              }
            }

            @Override
            public void follows(Fact next) {
              record(next);
            }
          });
    }
  }

  /** Which promises were broken, and how; the first ones. */
  public synchronized List<String> broken() {
    return List.copyOf(broken);
  }

  /** How much there was. */
  public synchronized String counts() {
    return counts.toString();
  }
}
