package io.pgq4j;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a consumer of a {@link ConsumerRunner} fares.
 *
 * @param lastBatch id of the last batch opened; null if there was none
 * @param lastFinished when this runner last finished a batch; null if it did not
 * @param lastError the last failure; null if there was none since the last finished batch
 */
public record ConsumerHealth(
    String queue,
    String consumer,
    ConsumerState state,
    @Nullable Long lastBatch,
    @Nullable Instant lastFinished,
    @Nullable String lastError) {

  ConsumerHealth in(ConsumerState now) {
    return new ConsumerHealth(queue, consumer, now, lastBatch, lastFinished, lastError);
  }

  ConsumerHealth withBatch(long batch) {
    return new ConsumerHealth(queue, consumer, state, batch, lastFinished, lastError);
  }

  ConsumerHealth withError(@Nullable String error) {
    return new ConsumerHealth(queue, consumer, state, lastBatch, lastFinished, error);
  }

  ConsumerHealth finished(Instant time) {
    return new ConsumerHealth(queue, consumer, state, lastBatch, time, null);
  }
}
