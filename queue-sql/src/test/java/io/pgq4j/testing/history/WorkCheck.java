package io.pgq4j.testing.history;

/** Work in the transaction that finishes the batch is done exactly once. */
final class WorkCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Worked worked && worked.from() != worked.done()) {
      verdict.broken(
          "%s gets a batch from tick %s, and its work is done up to tick %s",
          worked.consumer(), worked.from(), worked.done());
    }
  }
}
