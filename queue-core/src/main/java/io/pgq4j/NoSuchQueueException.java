package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** There is no such queue (PQ001). */
public final class NoSuchQueueException extends QueueException {
  private static final long serialVersionUID = 1L;

  NoSuchQueueException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
