package io.pgq4j.consumers.telegram;

import java.util.List;
import java.util.OptionalLong;

/**
 * Where chats keep what they want to be told of; {@link SubscriptionCommands} changes it. Each
 * method is one transaction. Those that have an {@code update} do nothing, and answer as before,
 * when that update or a later one was remembered; else they remember it with what they change.
 */
public interface Subscriptions {
  /**
   * One of a chat.
   *
   * @param id how the chat calls it
   * @param text as the chat wrote it
   */
  record Subscription(long id, String text, boolean paused) {}

  /** The last update that was remembered; 0 if there is none. */
  long lastUpdate() throws Exception;

  /** Those of a chat, in the order of their ids. */
  List<Subscription> list(long chatId) throws Exception;

  /**
   * Adds one.
   *
   * @return its id
   * @throws IllegalArgumentException if the text is of no use; the message is for the chat
   */
  long add(long update, long chatId, String text) throws Exception;

  /**
   * Pauses or resumes one of the chat's, or all.
   *
   * @param id empty: all
   */
  void setPaused(long update, long chatId, OptionalLong id, boolean paused) throws Exception;

  /** Removes one of the chat's. */
  void remove(long update, long chatId, long id) throws Exception;
}
