package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** The schema pgq, or a function of it, is missing or of another version. */
public final class SchemaMissingException extends QueueException {
  private static final long serialVersionUID = 1L;

  SchemaMissingException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
