package io.pgq4j;

import java.time.Duration;

/**
 * The failure of an event that was not done at its deadline ({@link
 * ConsumerConfig.Builder#deadline}). Its stack trace tells where the consumer was then.
 */
public final class DeadlineExceededException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeadlineExceededException(Duration deadline, StackTraceElement[] where) {
    super("not done after " + deadline + ", interrupted");
    setStackTrace(where);
  }
}
