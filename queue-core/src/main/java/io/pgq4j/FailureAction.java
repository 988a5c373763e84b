package io.pgq4j;

/** What becomes of an event at which its consumer failed; see {@link RetryPolicyBuilder#on}. */
public enum FailureAction {
  /** It comes again after a pause, until its attempts are used up; then it is given up. */
  RETRY,
  /** It is given up at once, into the dead letters. */
  DEAD,
  /** It counts as done. */
  SKIP,
  /**
   * The consumer stops ({@link ConsumerState#FAILED}) with the batch unfinished, so that all of it
   * comes again when the consumer is started anew.
   */
  STOP
}
