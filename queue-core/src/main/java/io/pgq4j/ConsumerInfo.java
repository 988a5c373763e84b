package io.pgq4j;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A registered consumer and how far it is.
 *
 * @param lag age of the last tick it has finished; null if unknown
 * @param lastSeen time since it last opened or finished a batch; null if unknown
 * @param lastTick the last tick it has finished
 * @param currentBatch the batch it has open; null if it has none
 * @param nextTick the tick at which that batch ends; null if it has none
 * @param pendingEvents events it has still to get, about; null if unknown
 * @param pausedAt since when it is given no batches; null if it is
 * @param bootstrapTick it is paused until its {@link Bootstrap} at this tick is finished; null if
 *     there is none
 */
public record ConsumerInfo(
    String queue,
    String name,
    @Nullable Duration lag,
    @Nullable Duration lastSeen,
    @Nullable Long lastTick,
    @Nullable Long currentBatch,
    @Nullable Long nextTick,
    @Nullable Long pendingEvents,
    @Nullable Instant pausedAt,
    @Nullable Long bootstrapTick) {}
