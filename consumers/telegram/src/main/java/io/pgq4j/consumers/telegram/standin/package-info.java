/** A stand-in of Telegram's Bot API for tests and demonstrations. */
@NullMarked
package io.pgq4j.consumers.telegram.standin;

import org.jspecify.annotations.NullMarked;
