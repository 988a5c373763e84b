/** Notify: a small class to send and to receive texts, durable. */
@NullMarked
package io.pgq4j.examples.notify;

import org.jspecify.annotations.NullMarked;
