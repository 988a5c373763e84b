package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** The queue's ticker is paused or external (PQ004). */
public final class TickerPausedException extends QueueException {
  private static final long serialVersionUID = 1L;

  TickerPausedException(String message, @Nullable Throwable cause, Where where) {
    super(message, cause, where);
  }
}
