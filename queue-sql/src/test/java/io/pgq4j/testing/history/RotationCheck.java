package io.pgq4j.testing.history;

/** What was emptied was finished by all. */
final class RotationCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Emptied emptied) {
      emptied
          .needed()
          .forEach(
              (consumer, snapshot) ->
                  emptied.transactions().stream()
                      .filter(transaction -> !snapshot.sees(transaction))
                      .findAny()
                      .ifPresent(
                          transaction ->
                              verdict.broken(
                                  "%s was emptied, but %s has not finished transaction %s in it",
                                  emptied.table(), consumer, transaction)));
    }
  }
}
