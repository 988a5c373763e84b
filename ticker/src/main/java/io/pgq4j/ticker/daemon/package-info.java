/**
 * The ticker as a program of its own: {@code pgq-ticker CONFIG}. It runs a {@link
 * io.pgq4j.ticker.Ticker} for each database of a properties file until SIGTERM, SIGINT or SIGHUP,
 * and then stops cleanly, with exit code 0. Words go to stderr.
 */
@NullMarked
package io.pgq4j.ticker.daemon;

import org.jspecify.annotations.NullMarked;
