package io.pgq4j.consumers.telegram;

import io.pgq4j.Event;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which events have reached whom, so that the repetition of an event for the sake of one chat does
 * not reach the other chats twice. Kept for this process only, and only for the latest deliveries:
 * a durable record would cost a write per message and still could not cover the moment between
 * Telegram's answer and that write.
 */
final class DeliveredMemory {
  // Ids alone begin anew when a queue is dropped and created again.
  private record EventKey(long id, Instant time) {
    static EventKey of(Event event) {
      return new EventKey(event.id(), event.time());
    }
  }

  private record Target(long chatId, String topic) {}

  private final int capacity;
  private final Map<EventKey, Set<Target>> byEvent = new LinkedHashMap<>();
  private int size;

  DeliveredMemory(int capacity) {
    this.capacity = capacity;
  }

  boolean knows(Event event) {
    return byEvent.containsKey(EventKey.of(event));
  }

  /** Whether all events of this notification have reached its chat. */
  boolean contains(Notification notification) {
    Target target = new Target(notification.chatId(), notification.topic());
    return notification.events().stream()
        .allMatch(event -> byEvent.getOrDefault(EventKey.of(event), Set.of()).contains(target));
  }

  void add(Notification notification) {
    Target target = new Target(notification.chatId(), notification.topic());
    for (Event event : notification.events()) {
      if (byEvent.computeIfAbsent(EventKey.of(event), key -> new HashSet<>(2)).add(target)) {
        size++;
      }
    }
    forgetOldest();
  }

  private void forgetOldest() {
    Iterator<Set<Target>> oldest = byEvent.values().iterator();
    while (size > capacity && oldest.hasNext()) {
      size -= oldest.next().size();
      oldest.remove();
    }
  }
}
