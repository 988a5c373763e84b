package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** The transaction's isolation level is not READ COMMITTED (PQ007). */
public final class IsolationLevelException extends QueueException {
  private static final long serialVersionUID = 1L;

  IsolationLevelException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
