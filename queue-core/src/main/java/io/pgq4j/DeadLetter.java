package io.pgq4j;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that a consumer gave up.
 *
 * @param eventId the event's id
 * @param eventTime when it was inserted
 * @param firstFailure when the consumer first failed; remembered when it was sent back
 * @param lastFailure when the consumer gave up
 * @param attempts how often the consumer tried, since it was last sent back
 * @param reason why it gave up
 */
public record DeadLetter(
    long eventId,
    Instant eventTime,
    Instant firstFailure,
    Instant lastFailure,
    int attempts,
    String reason,
    @Nullable String type,
    @Nullable String data,
    @Nullable String extra1,
    @Nullable String extra2,
    @Nullable String extra3,
    @Nullable String extra4) {}
