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
    @Nullable String lastError) {}
