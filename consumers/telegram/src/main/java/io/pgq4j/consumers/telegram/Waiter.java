package io.pgq4j.consumers.telegram;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The clock of the rates, and the one place where a delivery waits. Tests move it by hand. */
interface Waiter {
  /** Waiting for answers alone, with nothing to be sent at a later time. */
  long FOREVER = Long.MAX_VALUE;

  /** Nanoseconds since some moment in this process; never falls, never overflows. */
  long now();

  /**
   * The next element, or null when {@code nanos} have passed without one.
   *
   * @throws InterruptedException when the consumer is being stopped
   */
  <T> @Nullable T await(BlockingQueue<T> queue, long nanos) throws InterruptedException;

  static Waiter system() {
    long start = System.nanoTime();
    return new Waiter() {
      @Override
      public long now() {
        return System.nanoTime() - start;
      }

      @Override
      public <T> @Nullable T await(BlockingQueue<T> queue, long nanos) throws InterruptedException {
        return queue.poll(nanos, TimeUnit.NANOSECONDS);
      }
    };
  }
}
