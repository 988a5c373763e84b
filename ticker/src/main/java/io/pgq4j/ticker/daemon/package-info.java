/** The ticker as a program of its own. */
@NullMarked
package io.pgq4j.ticker.daemon;

import org.jspecify.annotations.NullMarked;
