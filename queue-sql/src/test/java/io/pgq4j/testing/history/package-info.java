/**
 * A history of everything at once, and the check of it.
 *
 * <p>{@link io.pgq4j.testing.history.HistoryRun} lets actors loose on a queue: producers,
 * consumers, tickers, maintenance and mischief. They report {@link io.pgq4j.testing.history.Fact}s
 * to a {@link io.pgq4j.testing.history.History}, whose {@link io.pgq4j.testing.history.Check}s
 * judge each fact by what they remember of former ones. A check sees facts and nothing else, and
 * keeps only what it still needs, so a history may go on for hours.
 *
 * <p>What committed is known from the database itself: each transaction books its events in {@code
 * history.ledger}. A batch is compared with the transactions that its last tick sees and its first
 * one does not, and the ticks of a consumer's finished batches have to form one chain. Together:
 * nothing is lost, nothing comes twice, nothing comes that was rolled back.
 */
@NullMarked
package io.pgq4j.testing.history;

import org.jspecify.annotations.NullMarked;
