/** Sends events as Telegram messages. */
@NullMarked
package io.pgq4j.consumers.telegram;

import org.jspecify.annotations.NullMarked;
