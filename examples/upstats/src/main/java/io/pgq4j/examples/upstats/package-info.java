/** UpStats: new job ads, matched to search streams, reach their users as messages. */
@NullMarked
package io.pgq4j.examples.upstats;

import org.jspecify.annotations.NullMarked;
