package io.pgq4j.ticker;

/** The database cannot be ticked yet, for a reason that an operator can mend or that passes. */
final class NotReadyException extends Exception {
  private static final long serialVersionUID = 1L;

  NotReadyException(String message) {
    super(message);
  }
}
