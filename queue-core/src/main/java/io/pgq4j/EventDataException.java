package io.pgq4j;

import org.jspecify.annotations.Nullable;

/**
 * An event's data is not what the consumer needs, and will not be next time either: out of {@link
 * Consumer#process(Event)}, it sends the event to the dead letters at once, data kept.
 */
public final class EventDataException extends QueueException {
  private static final long serialVersionUID = 1L;

  /** For consumers that find fault with the data themselves. */
  public EventDataException(String message) {
    this(message, null);
  }

  /** For consumers that find fault with the data themselves. */
  public EventDataException(String message, @Nullable Throwable cause) {
    super(message, cause, Where.UNKNOWN);
  }
}
