package io.pgq4j.consumers.telegram;

import java.time.Duration;

/**
 * What is known about chats. Told by the notifier when Telegram says that a chat cannot be reached
 * or has moved, and asked before each notification. Implement it to keep this in your own table:
 * mark the user, and store the new chat id.
 *
 * <p>Called on the consumer's thread, between sending messages: be quick. An exception is logged
 * and otherwise ignored; a chat counts as reachable then. One object may serve several notifiers if
 * it is thread-safe.
 */
public interface ChatStatus {
  /** Whether notifications to this chat are sent. Those that are not are dropped. */
  boolean reachable(long chatId);

  /**
   * Telegram answered that this chat cannot be reached: the user blocked the bot, the group removed
   * it, or there is no such chat. All that waits for the chat is dropped.
   *
   * @param reason Telegram's words
   */
  void unreachable(long chatId, String reason);

  /**
   * A group has become a supergroup and has a new id. The notifier follows by itself while it runs;
   * after a restart it learns it again from Telegram, one request per chat.
   */
  void migrated(long from, long to);

  /**
   * Keeps marked chats in memory, the latest 10,000 of them, logs them, and tries a marked chat
   * again after an hour, for a user may have unblocked the bot. Thread-safe.
   */
  static ChatStatus inMemory() {
    return inMemory(Duration.ofHours(1));
  }

  /** As {@link #inMemory()}, with another time after which a marked chat is tried again. */
  static ChatStatus inMemory(Duration tryAgainAfter) {
    return new InMemoryChatStatus(tryAgainAfter, System::nanoTime);
  }
}
