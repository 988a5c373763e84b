package io.pgq4j.testing.history;

/** A consumer gets all that is committed after it was registered, so also its own transaction. */
final class RegistrationCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Registered registered
        && registered.at().snapshot().sees(registered.transaction())) {
      verdict.broken(
          "%s starts at %s, which sees transaction %s that registered it",
          registered.consumer(), registered.at(), registered.transaction());
    }
  }
}
