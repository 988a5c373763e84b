package io.pgq4j.ticker;

import java.time.Duration;

/**
 * Is told what a {@link Ticker} does, for metrics. Its methods are called by the ticker's threads,
 * some of them a thousand times a second: they must return at once, be thread-safe and not throw.
 */
public interface TickerListener {
  /** Hears nothing. */
  TickerListener NONE = new TickerListener() {};

  /**
   * The leader has asked for the ticks that are due.
   *
   * @param queues how many queues were ticked; 0: none was due
   * @param took until the answer, with the commit
   */
  default void ticked(long queues, Duration took) {}

  /** A producer's notification ended the sleep of the ticker. */
  default void wokenUp() {}

  /** So many events came back from the retry queue; 0: none was due after all. */
  default void retried(long events) {}

  /** An operation of maintenance is done: a rotation, say. */
  default void maintained() {}

  /** Ticks or positions were compacted. */
  default void compacted() {}

  /**
   * A round of a duty failed; it will be tried again.
   *
   * @param duty its name: tick, retry, rotation, and so on
   */
  default void failed(String duty) {}

  /** A round of a duty succeeded, and the one before it had failed. */
  default void recovered(String duty) {}
}
