package io.pgq4j.examples.upstats;

import java.util.List;

/**
 * A search stream and new ads for it.
 *
 * @param ads at least one
 */
record StreamMatch(long streamId, String streamName, long chatId, List<JobAd> ads) {}
