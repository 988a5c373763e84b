package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** An argument or option is not acceptable (PQ008). */
public final class BadArgumentException extends QueueException {
  private static final long serialVersionUID = 1L;

  BadArgumentException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
