package io.pgq4j;

import java.time.Duration;
import java.time.Instant;

/**
 * The events between two ticks, in the order of their ids, as one consumer gets them. It can be
 * iterated once; events are streamed, so a batch of millions needs no more memory than a small one.
 *
 * <p>Each event counts as done unless it is given to one of {@link #retry}, {@link #dead} or {@link
 * #fail}; give an event to at most one of them, at most once. What they say takes effect together
 * with the finish of the batch, in one transaction, or not at all.
 *
 * <p>A batch belongs to the thread that processes it and is of no use after {@code processBatch}
 * has returned.
 */
public interface Batch extends Iterable<Event> {

  /** The batch's id. It stays the same when the batch is repeated. */
  long id();

  /** The queue. */
  String queue();

  /** The consumer. */
  String consumer();

  /** The tick at which the batch begins (exclusive). */
  long previousTick();

  /** The tick at which the batch ends (inclusive). */
  long tick();

  /** When the batch begins. */
  Instant previousTickTime();

  /** When the batch ends. */
  Instant tickTime();

  /**
   * Sends the event to the retry queue: this consumer, and no other, gets it again in a later
   * batch.
   *
   * @param delay after which the event comes again, at the earliest; not negative
   */
  void retry(Event event, Duration delay);

  /** Sends the event to the dead letters, from where only an operator brings it back. */
  void dead(Event event, String reason);

  /**
   * Records that the event failed: the {@link RetryPolicy}, or without one the settings of the
   * queue, decide between retry and dead letters. An {@link EventDataException} goes to the dead
   * letters at once, for it would fail again. Where the policy says {@link FailureAction#STOP},
   * this throws what stops the consumer: let it pass.
   */
  void fail(Event event, Throwable failure);

  /**
   * Declares the events not yet read as done. Without it, a {@code processBatch} that returns
   * before the last event is an error and the batch comes again: no batch is finished half read.
   */
  void skipRest();
}
