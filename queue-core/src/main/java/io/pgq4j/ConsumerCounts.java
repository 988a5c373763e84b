package io.pgq4j;

/**
 * What a consumer of a {@link ConsumerRunner} has done since it was started.
 *
 * @param batches finished
 * @param events read from batches, those of a repeated batch each time
 * @param failures how often it failed at an event
 */
public record ConsumerCounts(
    String queue, String consumer, long batches, long events, long failures) {}
