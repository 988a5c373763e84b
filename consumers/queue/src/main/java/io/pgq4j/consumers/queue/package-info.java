/**
 * Moves events to other queues, of the same database or another one: {@link
 * io.pgq4j.consumers.queue.QueueMover}.
 */
@NullMarked
package io.pgq4j.consumers.queue;

import org.jspecify.annotations.NullMarked;
