package io.pgq4j;

import java.time.Instant;

/** The frame of a batch, as {@code next_batch_info} answers. */
record BatchInfo(
    long id, long previousTick, long tick, Instant previousTickTime, Instant tickTime) {}
