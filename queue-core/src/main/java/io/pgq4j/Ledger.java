package io.pgq4j;

import org.jspecify.annotations.Nullable;

/**
 * Where it is noted what became of events. Of one key, in their order. Not thread-safe: one call at
 * a time.
 */
interface Ledger {
  void done(Event event);

  /**
   * The event failed.
   *
   * @return whether it comes again, so that later events of its key have to wait
   * @throws ConsumerStop if the consumer is to stop
   */
  boolean failed(Event event, @Nullable String key, Throwable failure);

  /** The event was not tried, because one before it with the same key failed. */
  void heldBack(Event event, String key);
}
