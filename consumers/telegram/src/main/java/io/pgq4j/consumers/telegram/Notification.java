package io.pgq4j.consumers.telegram;

import io.pgq4j.Event;
import java.util.List;
import java.util.Objects;

/**
 * A text for one chat, and the events it tells of.
 *
 * @param events those of the routed events that the text tells of, at least one. If it cannot be
 *     delivered, these go to the retry queue or to the dead letters
 * @param chatId a user, a group (negative) or a channel (negative)
 * @param text not blank; of any length, above 4096 UTF-16 units it becomes several messages
 * @param topic tells apart several notifications of one event to one chat (say, the number of the
 *     search that matched), empty when there is only one. (Event, chat, topic) is what is not sent
 *     again when the event is repeated
 */
public record Notification(List<Event> events, long chatId, String text, String topic) {
  /**
   * A notification.
   *
   * @throws IllegalArgumentException if {@code events} is empty or {@code text} is blank
   */
  public Notification {
    events = List.copyOf(events);
    Objects.requireNonNull(topic, "topic");
    if (events.isEmpty()) {
      throw new IllegalArgumentException("a notification tells of at least one event");
    }
    if (text.isBlank()) {
      throw new IllegalArgumentException("a notification's text is not blank");
    }
  }

  /** A notification of one event without a topic. */
  public static Notification of(Event event, long chatId, String text) {
    return new Notification(List.of(event), chatId, text, "");
  }

  /** A notification of several events without a topic. */
  public static Notification of(List<Event> events, long chatId, String text) {
    return new Notification(events, chatId, text, "");
  }
}
