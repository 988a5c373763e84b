/**
 * The ticker as a program of its own: {@code pgq-ticker CONFIG}. It runs a {@link
 * io.pgq4j.ticker.Ticker} for each database of a properties file until SIGTERM or SIGINT, and then
 * stops cleanly, with exit code 0. What all daemons have in common is in {@link io.pgq4j.daemon}.
 */
@NullMarked
package io.pgq4j.ticker.daemon;

import org.jspecify.annotations.NullMarked;
