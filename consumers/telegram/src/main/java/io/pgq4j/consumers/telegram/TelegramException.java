package io.pgq4j.consumers.telegram;

/**
 * Telegram did not take a message, or refuses the bot. The text says why and what to do; it never
 * contains the bot's token, and there is no cause, because the client's exceptions may.
 */
public final class TelegramException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TelegramException(String message) {
    super(message);
  }
}
