package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** The queue takes no events (PQ005). */
public final class InsertDisabledException extends QueueException {
  private static final long serialVersionUID = 1L;

  InsertDisabledException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
