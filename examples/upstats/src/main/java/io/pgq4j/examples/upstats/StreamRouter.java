package io.pgq4j.examples.upstats;

import io.pgq4j.Event;
import io.pgq4j.consumers.telegram.MessageRouter;
import io.pgq4j.consumers.telegram.Notification;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** New ads to one message per stream. */
final class StreamRouter implements MessageRouter {
  private final StreamStore store;

  StreamRouter(StreamStore store) {
    this.store = store;
  }

  /** What is needed of an event's row; the rest is read with the match, as it is by then. */
  record AdKey(long id) {}

  @Override
  public List<Notification> route(List<Event> events) throws Exception {
    Map<Long, Event> byAd = new LinkedHashMap<>();
    for (Event event : events) {
      byAd.put(adId(event), event);
    }
    return store.match(byAd.keySet()).stream().map(match -> notification(match, byAd)).toList();
  }

  private static Notification notification(StreamMatch match, Map<Long, Event> byAd) {
    List<Event> events =
        match.ads().stream().map(ad -> Objects.requireNonNull(byAd.get(ad.id()))).toList();
    String topic = Long.toString(match.streamId());
    return new Notification(events, match.chatId(), StreamText.of(match), topic);
  }

  @Override
  public void delivered(List<Notification> notifications) throws Exception {
    List<Delivery> deliveries =
        notifications.stream()
            .flatMap(
                notification ->
                    notification.events().stream()
                        .map(event -> new Delivery(adId(event), streamId(notification))))
            .toList();
    if (!deliveries.isEmpty()) {
      store.delivered(deliveries);
    }
  }

  private static long adId(Event event) {
    return event.row(AdKey.class).id();
  }

  private static long streamId(Notification notification) {
    return Long.parseLong(notification.topic());
  }
}
