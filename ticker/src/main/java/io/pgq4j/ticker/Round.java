package io.pgq4j.ticker;

import java.util.Set;

/**
 * What a round of ticks did ({@code pgq.tick_round}).
 *
 * @param ticked how many queues were ticked
 * @param busy the ids of those among them that have new events
 * @param held a queue has to wait until its consumers have read more
 * @param nanos what it cost the server
 */
record Round(int ticked, Set<Integer> busy, boolean held, long nanos) {}
