package io.pgq4j.examples.upstats;

/** An ad has reached a stream's chat. */
record Delivery(long adId, long streamId) {}
