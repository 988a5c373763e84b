package io.pgq4j.consumers.telegram;

import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** A clock that jumps to the end of every wait. */
final class ManualWaiter implements Waiter {
  private long now;

  @Override
  public long now() {
    return now;
  }

  void advance(long nanos) {
    now += nanos;
  }

  @Override
  public <T> @Nullable T await(BlockingQueue<T> queue, long nanos) {
    T ready = queue.poll();
    if (ready == null) {
      if (nanos == FOREVER) {
        throw new AssertionError("waits for an answer that never comes");
      }
      now += nanos;
    }
    return ready;
  }
}
