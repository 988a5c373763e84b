package io.pgq4j;

/** Carries what user code threw out of a transaction, apart from what the session threw. */
final class BatchFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Exception failure;

  BatchFailure(Exception failure) {
    super(null, failure, false, false);
    this.failure = failure;
  }

  Exception failure() {
    return failure;
  }
}
