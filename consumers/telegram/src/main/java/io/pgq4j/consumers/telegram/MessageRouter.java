package io.pgq4j.consumers.telegram;

import io.pgq4j.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses the chats of events and renders their texts. Called on the consumer's thread, with no
 * transaction open.
 *
 * <p>An exception out of {@link #route} for several events makes the notifier route each of them
 * alone; one out of it for a single event sends that event to the retry queue and at last to the
 * dead letters, an {@link io.pgq4j.EventDataException} straight there. So one event that cannot be
 * rendered does not hold up the others.
 */
@FunctionalInterface
public interface MessageRouter {
  /**
   * The notifications of some events, in the order in which a chat shall see them; empty when
   * nobody is to be told. The same events may be routed again, in other company: after a failed
   * delivery, or when the batch is repeated.
   *
   * @param events in queue order, at least one, at most {@link TelegramConfig#windowEvents()}
   */
  List<Notification> route(List<Event> events) throws Exception;

  /**
   * Told after each call of {@link #route}, once all its notifications are settled, which of them
   * have arrived, now or before this repetition. The place to write down how far a recipient is.
   * Called at least once per notification, so write what stays true when written twice. Does
   * nothing by default. An exception repeats the whole batch, without sending again what is known
   * to have arrived.
   */
  default void delivered(List<Notification> notifications) throws Exception {}

  /** A router that looks at each event alone. */
  static MessageRouter perEvent(EventRouter router) {
    return events -> {
      List<Notification> all = new ArrayList<>();
      for (Event event : events) {
        all.addAll(router.route(event));
      }
      return all;
    };
  }

  /** The part of {@link MessageRouter#perEvent} that the application writes. */
  @FunctionalInterface
  interface EventRouter {
    /** The notifications of one event; empty when nobody is to be told. */
    List<Notification> route(Event event) throws Exception;
  }
}
