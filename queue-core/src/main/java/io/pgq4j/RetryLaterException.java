package io.pgq4j;

import java.time.Duration;

/**
 * What an event depends on has told when to try it again: out of {@link Consumer#process(Event)},
 * it sends the event to the retry queue for so long, and does not make it give up.
 */
public final class RetryLaterException extends QueueException {
  private static final long serialVersionUID = 1L;

  private final Duration delay;

  /**
   * @param delay after which the event comes again, at the earliest; not negative
   */
  public RetryLaterException(String message, Duration delay) {
    super(message, null, Where.UNKNOWN);
    if (delay.isNegative()) {
      throw new IllegalArgumentException("the delay must not be negative");
    }
    this.delay = delay;
  }

  /** After what time the event comes again. */
  public Duration delay() {
    return delay;
  }
}
