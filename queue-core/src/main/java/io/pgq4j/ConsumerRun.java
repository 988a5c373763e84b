package io.pgq4j;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who runs a consumer, as its program told the database.
 *
 * @param consumer of a member, {@code consumer.member}
 * @param running for how long
 * @param state a {@link ConsumerState} in lower case; {@code running} is WAITING and WORKING
 * @param stateAge since when it is so
 * @param error the last failure of a batch or of the session; kept when all is well again
 * @param errorAge how long ago that was
 * @param connected whether its session is there; a proxy may make this wrong
 */
public record ConsumerRun(
    String queue,
    String consumer,
    String host,
    long process,
    Duration running,
    String state,
    Duration stateAge,
    @Nullable String error,
    @Nullable Duration errorAge,
    boolean connected) {}
