package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** There is no such batch, or no such event in it (PQ003). */
public final class NoSuchBatchException extends QueueException {
  private static final long serialVersionUID = 1L;

  NoSuchBatchException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
