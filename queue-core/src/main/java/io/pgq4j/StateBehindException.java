package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** The server's transaction ids are behind those of the last tick (PQ006). */
public final class StateBehindException extends QueueException {
  private static final long serialVersionUID = 1L;

  StateBehindException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
