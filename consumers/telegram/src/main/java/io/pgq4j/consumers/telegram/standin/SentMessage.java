package io.pgq4j.consumers.telegram.standin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message that the stand-in has taken.
 *
 * @param messageId counts up from 1
 * @param parseMode as the request gave it
 * @param arrivedAt when the stand-in had read the request
 */
public record SentMessage(
    long messageId, long chatId, String text, @Nullable String parseMode, Instant arrivedAt) {}
