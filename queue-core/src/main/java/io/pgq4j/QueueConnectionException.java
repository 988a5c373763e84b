package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** The database cannot be reached, or the connection was lost (08*, 57P0*, 53300, 28*, 3D000). */
public final class QueueConnectionException extends QueueException {
  private static final long serialVersionUID = 1L;

  QueueConnectionException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
