/** The Java API of the queue: consumers, batches, events, administration. */
@NullMarked
package io.pgq4j;

import org.jspecify.annotations.NullMarked;
