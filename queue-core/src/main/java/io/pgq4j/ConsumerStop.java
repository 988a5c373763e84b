package io.pgq4j;

/** Carries a failure on which the retry policy stops the consumer. */
final class ConsumerStop extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConsumerStop(String message, Throwable failure) {
    super(message, failure, false, false);
  }
}
