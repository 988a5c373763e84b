package io.pgq4j.testing.history;

/** One promise. It judges facts by what it remembers of former ones. */
interface Check {

  /** What a check may answer. */
  interface Verdict {

    /** The promise is broken. */
    void broken(String what, Object... args);

    /** Another fact, which follows from those seen. */
    void follows(Fact fact);
  }

  void see(Fact fact, Verdict verdict);
}
