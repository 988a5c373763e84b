package io.pgq4j.testing.history;

/** Nobody meets with an error that is not in the book. */
final class FailureCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Failed failed) {
      verdict.broken("%s failed: %s", failed.actor(), failed.error());
    }
  }
}
