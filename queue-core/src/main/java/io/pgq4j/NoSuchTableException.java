package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** There is no such table. */
public final class NoSuchTableException extends QueueException {
  private static final long serialVersionUID = 1L;

  NoSuchTableException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
