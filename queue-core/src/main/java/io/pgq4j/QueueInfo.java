package io.pgq4j;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A queue and how it fares.
 *
 * @param tables in how many tables it rotates
 * @param currentTable the one that takes new events
 * @param rotationPeriod how long a table is used
 * @param switchTime when the current table became current
 * @param externalTicker whether ticks come from elsewhere
 * @param tickerPaused whether it is not ticked
 * @param tickerMaxCount events after which it is ticked
 * @param tickerMaxLag time after which waiting events are ticked
 * @param tickerIdlePeriod time after which it is ticked without events
 * @param tickerLag age of the last tick; null if there is none
 * @param eventsPerSecond as of the last ticks; null if unknown
 * @param newEvents events since the last tick; null if unknown
 * @param lastTick id of the last tick; null if there is none
 */
public record QueueInfo(
    String name,
    int tables,
    int currentTable,
    Duration rotationPeriod,
    Instant switchTime,
    boolean externalTicker,
    boolean tickerPaused,
    int tickerMaxCount,
    Duration tickerMaxLag,
    Duration tickerIdlePeriod,
    @Nullable Duration tickerLag,
    @Nullable Double eventsPerSecond,
    @Nullable Long newEvents,
    @Nullable Long lastTick) {}
