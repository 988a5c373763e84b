package io.pgq4j;

import org.jspecify.annotations.Nullable;

/** An event in the window of {@link Lanes}, whose lock guards it. */
final class LaneTask {
  final Event event;
  final @Nullable String key;
  final long weight;

  /** The next event of the same key. */
  @Nullable LaneTask behind;

  /** The worker that is within the event; null: none yet. */
  @Nullable Thread thread;

  /** When it was given to a worker, as {@link System#nanoTime} has it. */
  long startedAt;

  /** It was given up: what its handler answers does not matter. */
  boolean expired;

  LaneTask(Event event, @Nullable String key) {
    this.event = event;
    this.key = key;
    this.weight = EventCodec.INSTANCE.weight(event);
  }

  /** Where its handler is; nowhere if no thread has come to it. */
  StackTraceElement[] where() {
    return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
  }
}
