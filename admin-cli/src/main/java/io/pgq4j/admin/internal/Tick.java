package io.pgq4j.admin.internal;

import java.time.Instant;

/**
 * A tick of a queue.
 *
 * @param eventSeq the last event id before it
 * @param snapshot which transactions it has seen, as PostgreSQL writes it
 */
public record Tick(long id, Instant time, long eventSeq, String snapshot) {}
