package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** The consumer is not registered with the queue (PQ002). */
public final class NoSuchConsumerException extends QueueException {
  private static final long serialVersionUID = 1L;

  NoSuchConsumerException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
