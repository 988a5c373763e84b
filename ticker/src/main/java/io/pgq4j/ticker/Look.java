package io.pgq4j.ticker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the ticker sees when it looks at the queues ({@code pgq.ticker_state}).
 *
 * @param ticked queues ticked just before the look; 0 when it only looked
 * @param due some queue can be ticked now
 * @param open producers are in flight whose commit nobody may announce
 * @param tickIn time until the next tick by the clock; null: none
 * @param retryIn time until the earliest retry; zero or less: now; null: none
 */
record Look(
    long ticked, boolean due, boolean open, @Nullable Duration tickIn, @Nullable Duration retryIn) {

  Look after(long queuesTicked) {
    return new Look(queuesTicked, due, open, tickIn, retryIn);
  }
}
