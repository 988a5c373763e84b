/** The ticker, for embedding in an application. */
@NullMarked
package io.pgq4j.ticker;

import org.jspecify.annotations.NullMarked;
