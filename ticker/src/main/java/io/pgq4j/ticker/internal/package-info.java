/** Public by need only, for the daemon: may change any day. */
@NullMarked
package io.pgq4j.ticker.internal;

import org.jspecify.annotations.NullMarked;
