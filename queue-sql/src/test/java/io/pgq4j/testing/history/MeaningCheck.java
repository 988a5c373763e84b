package io.pgq4j.testing.history;

/** The batch query finds what a batch means: visible in its last tick and not in its first one. */
final class MeaningCheck implements Check {

  @Override
  public void see(Fact fact, Verdict verdict) {
    if (fact instanceof Fact.Read read
        && read.meaning() != null
        && !read.meaning().equals(read.ids())) {
      verdict.broken("%s has %s and means %s", read, read.ids(), read.meaning());
    }
  }
}
